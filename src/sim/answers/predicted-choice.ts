/** An answer to a request that predicts it: the prediction, but for a place that came out otherwise. */
import { step } from '../base/slices.ts'
import { lorem } from '../generators/text/lorem.ts'
import { tokenTexts } from '../models/tokenizer.ts'
import type { Random } from '../random.ts'
import type { Choice } from './choice.ts'
import { cutAtStop, type Wish } from './completion-text.ts'
import { cutText } from './cut-text.ts'

/** The share of a prediction that comes out otherwise is up to this: a guess. */
const maxChangedShare = 0.2

export function predictedChoice(prediction: string, wish: Wish, random: Random): Choice {
  const predicted = tokenTexts(prediction, wish.encoding)
  const changed = Math.ceil(predicted.length * maxChangedShare * random.fraction())
  const start = random.below(Math.max(1, predicted.length - changed + 1))
  const instead = lorem(Math.max(1, changed), random, false)
  const text = step(() => {
    const [before, after] = [lengthOf(predicted, start), lengthOf(predicted, start + changed)]
    return `${prediction.slice(0, before)} ${instead.text()}${prediction.slice(after)}`
  })
  const { maxTokens = Infinity, roomTokens } = wish
  const cut = cutText(text, Math.min(maxTokens, roomTokens), wish.encoding)
  const choice = cutAtStop({ text: cut.text, finishReason: cut.isCut ? 'length' : 'stop' }, wish)
  const acceptedTokens = step(() => Math.min(predicted.length, sharedTokens(predicted, choice, start)))
  return { ...choice, prediction: { acceptedTokens, rejectedTokens: predicted.length - acceptedTokens } }
}

/** Of the first `count` pieces. */
function lengthOf(pieces: readonly string[], count: number): number {
  let length = 0
  for (let at = 0; at < count; at++) length += pieces[at]?.length ?? 0
  return length
}

/** Tokens before the change, and those after it, counted from the end. */
function sharedTokens(predicted: readonly string[], { text, finishReason }: Choice, start: number): number {
  const before = Math.min(start, text.count)
  let after = 0
  if (finishReason === 'stop')
    while (after < text.count - before && text.at(text.count - 1 - after) === predicted.at(-1 - after)) after++
  return before + after
}
