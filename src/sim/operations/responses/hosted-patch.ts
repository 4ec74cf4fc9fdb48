/** A change of the client's files, which the client makes: shapes as the official SDK's types have them (2026). */
import { countTokens } from '../../models/tokenizer.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { base62Text } from '../../random.ts'
import { isDoneInTurn } from './hosted-container.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** `undefined` where it is time to tell how it went. */
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
        for (const delta of diff.match(pieces) ?? [])
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
  const writtenTokens = countTokens(`${path}${diff ?? ''}`, model.encoding) + aroundTokens
  return { item, writtenTokens, waitTokens: 0, endsTurn: true }
}

/** As of a call of a function. */
const aroundTokens = 8
/** About a token each. */
const pieces = /[\s\S]{1,4}/gu

type Operation = { readonly type: string; readonly path: string; readonly diff: string | undefined }

/** What a rule says; else a file that the question names is made, or deleted: what is in it now is not known here. */
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
