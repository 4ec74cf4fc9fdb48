/** What an attack may cost: ten times what is promised, so that a busy machine does not fail it. */
import { expect } from 'vitest'
import type { Answered, Watched } from './attacked.ts'

const maxBusyMs = 500
const maxAddedMegabytes = 200

export function expectBounded({ status, busyMs, addedMegabytes }: Answered & Watched, times = 1): void {
  expect(status).toBeLessThan(500)
  expect(busyMs).toBeLessThan(maxBusyMs * times)
  expect(addedMegabytes).toBeLessThan(maxAddedMegabytes * times)
}
