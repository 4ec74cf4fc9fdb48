import { tokenText } from '../../generators/text/lorem.ts'
import { countTokens, tokenTexts } from '../../models/tokenizer.ts'
import type { HostedRule } from '../../config/rule-hosted.ts'
import { citationsOf, type Program, saved, savingProgram } from './hosted-code-files.ts'
import { containerOf } from './hosted-container.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** The code interpreter: a small program, and what it would really print (recorded October 2025). */
export function codeInterpreter({
  tool,
  request,
  question,
  model,
  newId,
  random,
  resource,
  ruled,
}: ToolUse): HostedCall {
  const id = newId('ci')
  const values = Array.from({ length: 3 + random.below(4) }, () => 1 + random.below(100))
  const program = ruled?.codeInterpreter
  const { code, logs, files } = program
    ? ruledProgram(program)
    : (savingProgram(question, values, random) ?? summing(values))
  const containerId = containerOf(tool['container'], resource)
  const isTold = request.include?.includes('code_interpreter_call.outputs') === true
  const text = tokenText(tokenTexts(code, model.encoding))
  const json = (written: string, status: string, outputs: unknown) => ({
    id,
    type: 'code_interpreter_call',
    status,
    code: written,
    container_id: containerId,
    outputs,
  })
  const whole = () => json(code, 'completed', isTold ? [{ type: 'logs', logs }] : null)
  const item: OutputItem = {
    id,
    json: whole,
    *events(place) {
      const at = `,"output_index":${place.index},"item_id":"${id}"`
      const event = (type: string, rest = '', tokens = 0) => ({ tokens, type: `response.${type}`, rest: at + rest })
      yield added(json('', 'in_progress', isTold ? [] : null), place)
      yield event('code_interpreter_call.in_progress')
      for (let index = 0; index < text.count; index++) {
        const delta = text.at(index)
        yield event('code_interpreter_call_code.delta', `,"delta":${JSON.stringify(delta)}${place.cover(delta)}`, 1)
      }
      yield event('code_interpreter_call_code.done', `,"code":${JSON.stringify(code)}`)
      yield event('code_interpreter_call.interpreting')
      yield event('code_interpreter_call.completed', '', waitTokens)
      yield done(whole(), place)
    },
  }
  const readTokens = text.count + countTokens(logs, model.encoding)
  const citations = citationsOf(saved(files, containerId, resource), containerId)
  return { item, writtenTokens: text.count, readTokens, waitTokens, ...(citations && { citations }) }
}

const ruledProgram = ({ code, logs = '', files = [] }: NonNullable<HostedRule['codeInterpreter']>): Program => ({
  code,
  logs,
  files: files.map(({ name, text = '', base64 }) => ({
    name,
    bytes: () => (base64 === undefined ? new TextEncoder().encode(text) : Buffer.from(base64, 'base64')),
  })),
})

/** A small program, and what it prints. */
const summing = (values: readonly number[]): Program => ({
  code: `values = [${values.join(', ')}]\n\nprint("Values:", values)\nprint("Sum:", sum(values))\nprint("Largest:", max(values))`,
  logs: `Values: [${values.join(', ')}]\nSum: ${values.reduce((sum, value) => sum + value, 0)}\nLargest: ${Math.max(...values)}\n`,
  files: [],
})

/** About a second: a guess. */
const waitTokens = 50
