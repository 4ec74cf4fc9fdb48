/** A choice whose words somebody else chose: an extension. */
import type { Said } from '../extensions/define.ts'
import type { Random } from '../random.ts'
import type { Encoding, Model } from '../types.ts'
import type { Choice } from './choice.ts'
import { cutAtStop, type Wish } from './completion-text.ts'
import { type Cut, cutText } from './cut-text.ts'
import { layCalls, noContent } from './tool-calls.ts'

/** As many of the words as there is room for; they are counted as the model's tokenizer counts them. */
export function saidChoice(said: Said, { model, wish, timing }: { model: Model; wish: Wish; timing: Random }): Choice {
  const { maxTokens = Infinity, roomTokens, encoding } = wish
  const tokenLimit = Math.min(maxTokens, roomTokens)
  const { toolCalls = [], finishReason } = said
  if (toolCalls.length > 0) {
    const planned = toolCalls.map((call) => ({ kind: 'function' as const, name: call.name, input: () => toJson(call) }))
    const { calls, isCut } = layCalls(planned, { model, tokenLimit, timing })
    return { text: noContent, finishReason: isCut ? 'length' : 'tool_calls', calls }
  }
  if (said.refusal !== undefined) {
    const { text, isCut } = cutText(said.refusal, tokenLimit, encoding)
    return { text, finishReason: isCut ? 'length' : 'stop', isRefusal: true }
  }
  const { text, isCut } = cutOnce(said, tokenLimit, encoding)
  return cutAtStop({ text, finishReason: isCut ? 'length' : (finishReason ?? 'stop') }, wish)
}

/** Every choice says the same, and has it once. */
function cutOnce(said: Said, tokenLimit: number, encoding: Encoding): Cut {
  const known = cuts.get(said)
  if (known?.tokenLimit === tokenLimit && known.encoding === encoding) return known.cut
  const cut = cutText(said.text ?? '', tokenLimit, encoding)
  cuts.set(said, { tokenLimit, encoding, cut })
  return cut
}

const cuts = new WeakMap<Said, { readonly tokenLimit: number; readonly encoding: Encoding; readonly cut: Cut }>()

const toJson = ({ arguments: input }: { readonly arguments: unknown }) =>
  typeof input === 'string' ? input : JSON.stringify(input ?? {})
