/** No text, list or answer of one tester may hold up the others, or take the memory that they need. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { attack, type Attacked, canMeasure } from './attacked.ts'
import { longCases } from './cases.ts'
import { expectBounded } from './cost.ts'

let attacked: Attacked
beforeAll(async () => {
  attacked = await attack()
  for (const [, one] of longCases.slice(0, 10)) await attacked.send(one)
})
afterAll(() => {
  attacked.stop()
})

describe.skipIf(!canMeasure)('a request of up to 1 MB', () => {
  it.each(longCases)('is answered while others are served: %s', { timeout: 60_000 }, async (_, one) => {
    expectBounded(await attacked.measure(one))
  })
})
