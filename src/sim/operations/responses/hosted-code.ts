import { tokenText } from '../../generators/text/lorem.ts'
import { countTokens, tokenTexts } from '../../models/tokenizer.ts'
import { isObject } from '../../base/object.ts'
import { containers, copyFile, makeContainer } from '../../kept/containers.ts'
import type { Resource } from '../../operation.ts'
import type { ToolInput } from './body.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** Python that the service runs: a little program, and what it really prints (recorded October 2025). */
export function codeInterpreter({ tool, request, model, newId, random, resource }: ToolUse): HostedCall {
  const id = newId('ci')
  const values = Array.from({ length: 3 + random.below(4) }, () => 1 + random.below(100))
  const code = `values = [${values.join(', ')}]\n\nprint("Values:", values)\nprint("Sum:", sum(values))\nprint("Largest:", max(values))`
  const logs = `Values: [${values.join(', ')}]\nSum: ${values.reduce((sum, value) => sum + value, 0)}\nLargest: ${Math.max(...values)}\n`
  const containerId = containerOf(tool, resource)
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
  return { item, writtenTokens: text.count, readTokens, waitTokens }
}

/** About a second: a guess. */
const waitTokens = 50

/** The one that is named, or a new one with the files that the code may use. */
function containerOf({ container }: ToolInput, resource: Resource): string {
  if (typeof container === 'string') {
    const known = resource.shelf(containers).get(container)
    if (known) known.lastActiveAtMs = resource.clock.now()
    resource.shelf(containers).changed(container)
    return container
  }
  const made = makeContainer(resource)
  const files = isObject(container) && Array.isArray(container['file_ids']) ? container['file_ids'] : []
  for (const id of files.slice(0, maxFiles)) if (typeof id === 'string') copyFile(resource, made, id)
  return made.id
}

const maxFiles = 50
