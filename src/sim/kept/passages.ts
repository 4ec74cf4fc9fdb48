/** A text cut into passages, and those of them that come nearest to a question by the same vectors as embeddings have. */
import { workSlices } from '../base/work-slices.ts'
import { embedEach } from '../generators/vectors.ts'
import { tokenTexts } from '../models/tokenizer.ts'
import type { LiveResource } from '../operation.ts'

export type Chunking = { readonly maxTokens: number; readonly overlapTokens: number }

export type Passage = { readonly text: string; readonly vector: Float32Array }

const size = 256
const length = { size, fullSize: size }
const encoding = 'o200k_base'
/** What is tokenized at once, so that a long text holds up nobody. */
const blockCharacters = 20_000
/** The service takes files of 5,000,000 tokens. */
const maxCharacters = 20_000_000

/** Of a longer text, its beginning says what it is about. */
const maxVectorCharacters = 32_768

export const vectorOf = (text: string): Float32Array => {
  for (const vector of embedEach([text.slice(0, maxVectorCharacters).toLowerCase()], length)) return vector.slice()
  return new Float32Array(size)
}

export async function cutIntoPassages(
  text: string,
  { maxTokens, overlapTokens }: Chunking,
  { shelf, clock }: Pick<LiveResource, 'shelf' | 'clock'>,
): Promise<readonly Passage[]> {
  const slices = shelf(workSlices)
  const { signal } = new AbortController()
  const passages: Passage[] = []
  let slice = await slices.next(clock.now(), signal)
  /** The lengths of the tokens of the passage that is being filled. */
  let tokens: number[] = []
  let start = 0
  let end = 0
  let fresh = 0
  const close = () => {
    const passage = text.slice(start, end)
    passages.push({ text: passage, vector: vectorOf(passage) })
    fresh = 0
  }
  const all = text.slice(0, maxCharacters)
  for (let at = 0; at < all.length; at += blockCharacters) {
    for (const { length: characters } of tokenTexts(all.slice(at, at + blockCharacters), encoding)) {
      if (tokens.length === maxTokens) {
        close()
        const dropped = tokens.slice(0, maxTokens - overlapTokens)
        start += dropped.reduce((sum, count) => sum + count, 0)
        tokens = tokens.slice(maxTokens - overlapTokens)
      }
      tokens.push(characters)
      end += characters
      fresh++
    }
    if (slice.isOver()) slice = await slices.next(clock.now(), signal)
  }
  if (fresh > 0) close()
  return passages
}

/** From 0 to 1. The cosine is drawn up: a question has few of the words of a passage. */
export function nearness(question: Float32Array, { vector }: Passage): number {
  let dot = 0
  for (let at = 0; at < size; at++) dot += (question[at] as number) * (vector[at] as number)
  return dot <= 0 ? 0 : Math.min(1, Math.sqrt(dot))
}
