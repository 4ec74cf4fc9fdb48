/** How long a text takes to say. */

/** English at 150 words a minute. */
const charactersPerSecond = 15
/** Characters each of which is a syllable or a word. */
const widePerSecond = 4.5
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

const minSeconds = 0.3

/** Seconds; `speed` is how many times as fast as usual it is said. */
export function speechSeconds(text: string, speed: number): number {
  const wideCharacters = text.match(wide)?.length ?? 0
  const seconds = wideCharacters / widePerSecond + (text.length - wideCharacters) / charactersPerSecond
  return Math.max(minSeconds, seconds / speed)
}
