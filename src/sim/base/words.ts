/** Finds which of many words stand in a text, in one pass: a word is only compared where its first two letters stand. */

const buckets = 4096
const bucketOf = (first: number, second: number) => (first + second * 67) & (buckets - 1)

export class Words {
  readonly #words: string[] = []
  readonly #byStart = new Map<number, number[]>()
  /** Whether any word begins so: nearly all places of a text are passed over by this. */
  readonly #isStart = new Uint8Array(buckets)
  /** The request at which each was found last. */
  readonly #foundAt: number[] = []
  #request = 0
  #last: string | undefined

  /** All are added before the first is looked for. A word is in lower case, and has two letters at least. */
  add(word: string): number {
    const id = this.#words.push(word) - 1
    this.#foundAt.push(0)
    const bucket = bucketOf(word.charCodeAt(0), word.charCodeAt(1))
    this.#isStart[bucket] = 1
    const known = this.#byStart.get(bucket)
    if (known) known.push(id)
    else this.#byStart.set(bucket, [id])
    return id
  }

  /** What is asked of by `has` from now on. */
  look(text: string): void {
    if (text === this.#last || this.#words.length === 0) return
    this.#last = text
    this.#request++
    const lower = lowered(text)
    const isStart = this.#isStart
    let first = lower.charCodeAt(0)
    for (let at = 1; at < lower.length; at++) {
      const second = lower.charCodeAt(at)
      const bucket = bucketOf(first, second)
      first = second
      if (isStart[bucket] === 1) this.#compare(lower, at - 1, bucket)
    }
  }

  #compare(lower: string, at: number, bucket: number): void {
    for (const id of this.#byStart.get(bucket) ?? [])
      if (lower.startsWith(this.#words[id] ?? '', at)) this.#foundAt[id] = this.#request
  }

  has(id: number): boolean {
    return this.#foundAt[id] === this.#request
  }
}

/** The long s is an s in any case, and no lower case of it. */
export function lowered(text: string): string {
  const lower = text.toLowerCase()
  return lower.includes('ſ') ? lower.replaceAll('ſ', 's') : lower
}

/** A word that stands in all that a pattern finds, as far as that is easily seen; empty where it is not. */
export function wordIn(expression: string): string {
  const source = expression.replace(/^\(\?[a-z]+\)/, '')
  if (/[|()]/.test(source)) return ''
  const plain = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]|./gs, (part) =>
    /^[A-Za-z0-9 _]$/.test(part) ? part : marks(part),
  )
  // What may be absent is no part of it.
  const runs = plain.replace(/[A-Za-z0-9 _](?=[?*{])/g, '\n').split(/[^A-Za-z0-9 _]+/)
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest.length >= 2 ? longest.toLowerCase() : ''
}

/** The quantifiers stay, to be seen; all else is a break. */
const marks = (part: string) => (/^[?*{]$/.test(part) ? part : '\n')
