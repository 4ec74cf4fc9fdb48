/** No schema of one tester may hold up the others, or take the memory that they need. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attack, type Attacked, canMeasure } from './attacked.ts'
import { schemaCases } from './cases.ts'

/** Ten times what is promised, so that a busy machine does not fail it. */
const maxBusyMs = 500
const maxAddedMegabytes = 200

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
    const { status, busyMs, addedMegabytes } = await attacked.measure(one)
    expect(status).toBeLessThan(500)
    expect(busyMs).toBeLessThan(maxBusyMs)
    expect(addedMegabytes).toBeLessThan(maxAddedMegabytes)
  })
})
