/** What every comparison with recordings promises: no difference but those that are meant, and each of these is needed. */
import { expect, it } from 'vitest'
import type { MeantDifference } from '../shape-differences.ts'

/** The differences of each recording, by its name. */
export type Found = readonly (readonly [name: string, differences: readonly string[]])[]

export function promiseShapes(
  names: readonly string[],
  found: Promise<Found>,
  meant: readonly MeantDifference[],
): void {
  const ruleFor = (name: string, difference: string) =>
    meant.findIndex((rule) => rule.in.test(name) && rule.difference.test(difference))

  it.each(names.map((name, at) => [name, at] as const))(
    'have the shape of our answers but for what is meant: %s',
    async (name, at) => {
      const [, differences] = (await found)[at] ?? ['', ['no answer']]
      expect(differences.filter((difference) => ruleFor(name, difference) < 0)).toEqual([])
    },
  )

  it('need every difference that is meant', async () => {
    const used = new Set((await found).flatMap(([name, lines]) => lines.map((line) => ruleFor(name, line))))
    expect(meant.filter((_, at) => !used.has(at)).map(({ why }) => why)).toEqual([])
  })
}
