/** No schema of one tester may hold up the others, or take the memory that they need. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { attack, type Attacked, canMeasure } from './attacked.ts'
import { schemaCases } from './cases.ts'
import { expectBounded } from './cost.ts'

let attacked: Attacked
beforeAll(async () => {
  attacked = await attack()
  for (const [, one] of schemaCases.slice(0, 10)) await attacked.send(one)
})
afterAll(() => {
  attacked.stop()
})

describe.skipIf(!canMeasure)('a schema that asks for more than any answer holds', () => {
  it.each(schemaCases)('is answered while others are served: %s', async (_, one) => {
    expectBounded(await attacked.measure(one))
  })
})
