import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/sim/errors.ts'
import { refuseRepetition } from '../../src/sim/operations/chat/repetition.ts'

const times = (count: number, phrase: string) => Array.from({ length: count }, () => phrase).join(' ')

function isRepetitive(text: string, repeats: number): boolean {
  try {
    refuseRepetition(repeats, ['other words', text])
    return false
  } catch (error) {
    if (error instanceof ApiError) return true
    throw error
  }
}

describe('a repetition', () => {
  it.each([1, 2, 3, 5, 8])('of a phrase of %i words is found from the asked number of times on', (length) => {
    const phrase = Array.from({ length }, (_, at) => `w${at}`).join(' ')
    const text = (count: number) => `before ${times(count, phrase)} behind`
    expect(isRepetitive(text(9), 10)).toBe(false)
    expect(isRepetitive(text(10), 10)).toBe(true)
    expect(isRepetitive(text(11), 10)).toBe(true)
  })

  it('is none where something stands in between, or the phrase is long', () => {
    expect(isRepetitive(`${times(5, 'again')} and ${times(5, 'again')}`, 6)).toBe(false)
    expect(isRepetitive(times(50, 'one two three four five six seven eight nine'), 10)).toBe(false)
    expect(isRepetitive('', 2)).toBe(false)
  })

  it('is seen whatever stands between the words', () => {
    expect(isRepetitive('so\n\nso\tso  so', 4)).toBe(true)
  })
})
