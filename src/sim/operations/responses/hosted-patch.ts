/** A patch that the client applies to its files. Shapes are those of the official SDK's types (2026). */
import { countTokens } from '../../models/tokenizer.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { base62Text } from '../../random.ts'
import { isDoneInTurn } from './hosted-container.ts'
import { type HostedCall, tokensAroundCall, tokenSized, type ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** `undefined` when it is time for the text. */
export function patchCall(use: ToolUse): HostedCall | undefined {
  const { items, newId, random, model } = use
  if (isDoneInTurn(items, 'apply_patch_call')) return undefined
  const { type, path, diff } = operationOf(use)
  const id = newId('apc')
  const callId = `call_${base62Text(random, 24)}`
  const told = (status: string, shown: string | undefined) => ({
    id,
    type: 'apply_patch_call',
    status,
    call_id: callId,
    operation: { type, ...(shown !== undefined && { diff: shown }), path },
  })
  const item: OutputItem = {
    id,
    json: () => told('completed', diff),
    *events(place) {
      yield added(told('in_progress', diff === undefined ? undefined : ''), place)
      if (diff !== undefined) {
        // The SDK's types do not name these; clients that read real streams do (2026).
        const at = `,"output_index":${place.index},"item_id":"${id}"`
        const name = 'response.apply_patch_call_operation_diff'
        for (const delta of tokenSized(diff))
          yield {
            tokens: 1,
            type: `${name}.delta`,
            rest: `${at},"delta":${JSON.stringify(delta)}${place.cover(delta)}`,
          }
        yield { tokens: 0, type: `${name}.done`, rest: `${at},"diff":${JSON.stringify(diff)}` }
      }
      yield done(told('completed', diff), place)
    },
  }
  const writtenTokens = countTokens(`${path}${diff ?? ''}`, model.encoding) + tokensAroundCall
  return { item, writtenTokens, waitTokens: 0, endsTurn: true }
}

type Operation = { readonly type: string; readonly path: string; readonly diff: string | undefined }

/** What a rule says; otherwise a file that the question names is created or deleted, because its content is not known here. */
function operationOf({ ruled, question, random }: ToolUse): Operation {
  const rule = ruled?.applyPatch
  if (rule)
    return {
      type: rule.operation,
      path: rule.path,
      diff: rule.operation === 'delete_file' ? undefined : (rule.diff ?? ''),
    }
  const path = /(?<![\w./-])[\w-]{1,80}(?:\/[\w.-]{1,80}){0,8}\.[A-Za-z]\w{0,9}(?![\w/])/.exec(
    question.slice(0, 10_000),
  )?.[0]
  if (path !== undefined && /\b(?:delete|remove)\b/i.test(question))
    return { type: 'delete_file', path, diff: undefined }
  const lines = loremText(24, random).split(/(?<=[.!?]) /)
  return { type: 'create_file', path: path ?? 'notes.md', diff: lines.map((line) => `+${line}\n`).join('') }
}
