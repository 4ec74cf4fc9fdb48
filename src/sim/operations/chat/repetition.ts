/** Prompts that say the same again and again. */
import { repetitivePrompt } from '../../errors/prompt.ts'

/** The longest phrase that is looked for. What the service looks for is not known. */
const maxWords = 8

/** Throws the service's refusal where one phrase of a few words stands `repeats` times in a row in one of the texts. */
export function refuseRepetition(repeats: number, texts: readonly string[]): void {
  if (texts.some((text) => isRepetitive(text, repeats))) throw repetitivePrompt()
}

/** Takes time in proportion to the text's length: each word is read once, and compared with the few before it. */
function isRepetitive(text: string, repeats: number): boolean {
  const words: string[] = []
  /** For each length of a phrase, how many words on end were those of a phrase before. */
  const alike = new Array<number>(maxWords + 1).fill(0)
  for (const [word] of text.matchAll(/\S+/g)) {
    for (let length = 1; length <= maxWords; length++) {
      const run = word === words[words.length - length] ? (alike[length] ?? 0) + 1 : 0
      // The first time a phrase is said nothing before it is like it.
      if (run >= (repeats - 1) * length) return true
      alike[length] = run
    }
    words.push(word)
  }
  return false
}
