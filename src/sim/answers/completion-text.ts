/** The text of one choice: as long as was asked for, and cut before the first stop sequence in it. */
import { lorem, tokenText, type TokenText } from '../generators/text/lorem.ts'
import { tokenTexts } from '../models/tokenizer.ts'
import type { Random } from '../random.ts'
import type { Encoding } from '../types.ts'
import type { Choice } from './choice.ts'

export type Wish = {
  /** Exactly this many tokens, where the answer's own length is not less. */
  readonly maxTokens: number | undefined
  /** The most that the model and its context window leave room for. */
  readonly roomTokens: number
  readonly stop: readonly string[]
  readonly encoding: Encoding
  /** How long an answer is that nothing bounds: log-normal. */
  readonly medianTokens: number
  readonly sigma: number
}

/**
 * With a limit the answer always reaches it, so that a load test gets the tokens it asks for; without one its length
 * is drawn.
 */
export function completionText(wish: Wish, random: Random): Choice {
  const wantedTokens = wish.maxTokens ?? drawLength(wish, random)
  const isCut = wish.maxTokens !== undefined || wantedTokens > wish.roomTokens
  const text = lorem(Math.min(wantedTokens, wish.roomTokens), random, !isCut)
  return cutAtStop({ text, finishReason: isCut ? 'length' : 'stop' }, wish)
}

/** The choice up to the first stop sequence in it. */
export function cutAtStop(choice: Choice, { stop, encoding }: Wish): Choice {
  const first = firstStop(choice.text, stop)
  if (first === undefined) return choice
  return { text: cutAt(choice.text, first.start, encoding), finishReason: 'stop', stoppedBy: first.stop }
}

const drawLength = ({ medianTokens, sigma }: Wish, random: Random) =>
  Math.max(1, Math.round(medianTokens * Math.exp(sigma * random.normal())))

type FirstStop = { readonly start: number; readonly stop: string }

function firstStop(text: TokenText, stops: readonly string[]): FirstStop | undefined {
  if (stops.length === 0) return undefined
  const whole = text.text()
  let first: FirstStop | undefined
  for (const stop of stops) {
    const start = stop === '' ? -1 : whole.indexOf(stop)
    if (start >= 0 && (first === undefined || start < first.start)) first = { start, stop }
  }
  return first
}

/** The tokens of the text up to character `end`; what is left of a token that is cut through is tokenized anew. */
export function cutAt(text: TokenText, end: number, encoding: Encoding): TokenText {
  const tokens: string[] = []
  let characters = 0
  for (let index = 0; index < text.count; index++) {
    const token = text.at(index)
    if (characters + token.length > end) {
      tokens.push(...tokenTexts(token.slice(0, end - characters), encoding))
      break
    }
    tokens.push(token)
    characters += token.length
  }
  return tokenText(tokens)
}
