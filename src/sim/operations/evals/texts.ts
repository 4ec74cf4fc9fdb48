/** The texts of evaluations, put together and compared in steps: an item may stand in one as often as its author likes. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { EvalItem } from './kept.ts'

type Steps<T> = Generator<undefined, T>

/** No longer text is put together: what would stand behind it is not looked at. */
const maxFilledCharacters = 1_000_000
const marksAStep = 512

/** `{{item.name}}` and `{{sample.output_text}}` stand for what is there. */
export class Filling {
  readonly #item: EvalItem
  readonly #values = new Map<string, string>()

  constructor(item: EvalItem) {
    this.#item = item
  }

  /** The last text of which it was asked, as it is: many criteria ask of the same. */
  #lowered = { text: '', lower: '' }

  lowered(text: string): string {
    if (this.#lowered.text !== text) this.#lowered = { text, lower: text.toLowerCase() }
    return this.#lowered.lower
  }

  *filled(template: string): Steps<string> {
    if (!template.includes('{{')) return template.slice(0, maxFilledCharacters)
    let text = ''
    let from = 0
    let count = 0
    for (const match of template.matchAll(/\{\{\s*((?:item|sample)\.[\w.]+)\s*\}\}/g)) {
      text += template.slice(from, match.index) + this.#value(match[1] ?? '')
      from = match.index + match[0].length
      if (text.length > maxFilledCharacters) return text.slice(0, maxFilledCharacters)
      if (++count % marksAStep === 0) yield
    }
    return (text + template.slice(from)).slice(0, maxFilledCharacters)
  }

  #value(path: string): string {
    const known = this.#values.get(path)
    if (known !== undefined) return known
    const { item, sample = {} } = this.#item
    const [from, ...names] = path.split('.')
    const value = textOf(names.reduce<unknown>(within, from === 'item' ? item : sample))
    this.#values.set(path, value)
    return value
  }
}

const within = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)

/** Of longer texts, so much is compared. */
const maxComparedCharacters = 200_000
const wordsAStep = 1_024

/** How much of two texts is the same words, for any of the metrics: their mean of precision and recall. */
export function* overlap(a: string, b: string): Steps<number> {
  const left = yield* wordsOf(a)
  const right = yield* wordsOf(b)
  if (left.length === 0 || right.length === 0) return left.length === right.length ? 1 : 0
  const counts = new Map<string, number>()
  for (const [at, word] of right.entries()) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
    if (at % wordsAStep === wordsAStep - 1) yield
  }
  let common = 0
  for (const [at, word] of left.entries()) {
    const rest = counts.get(word) ?? 0
    if (rest > 0) common++
    counts.set(word, rest - 1)
    if (at % wordsAStep === wordsAStep - 1) yield
  }
  return (2 * common) / (left.length + right.length)
}

function* wordsOf(text: string): Steps<readonly string[]> {
  const words: string[] = []
  for (const [word] of text
    .slice(0, maxComparedCharacters)
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]+/gu)) {
    words.push(word)
    if (words.length % wordsAStep === 0) yield
  }
  return words
}

/** A longer part is looked for letter by letter: JavaScript's own search takes the product of both lengths at its worst. */
const shortPart = 16
const lettersAStep = 16_384

/** Whether `part` stands in `text`. */
export function* includes(text: string, part: string): Steps<boolean> {
  if (part.length <= shortPart) return text.includes(part)
  if (part.length > text.length) return false
  // How long the longest beginning is that each beginning ends with.
  const again = new Int32Array(part.length)
  let length = 0
  for (let at = 1; at < part.length; at++) {
    while (length > 0 && part.charCodeAt(at) !== part.charCodeAt(length)) length = again[length - 1] as number
    if (part.charCodeAt(at) === part.charCodeAt(length)) length++
    again[at] = length
    if (at % lettersAStep === 0) yield
  }
  length = 0
  for (let at = 0; at < text.length; at++) {
    while (length > 0 && text.charCodeAt(at) !== part.charCodeAt(length)) length = again[length - 1] as number
    if (text.charCodeAt(at) === part.charCodeAt(length)) length++
    if (length === part.length) return true
    if (at % lettersAStep === 0) yield
  }
  return false
}
