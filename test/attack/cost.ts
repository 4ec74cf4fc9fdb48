/** What an attack may cost: ten times what is promised, so that a busy machine does not fail it. */
import { expect } from 'vitest'
import type { Answered, Watched } from './attacked.ts'

/** Of one request of at most 1 MB: how long the main thread may be kept at a stretch, and what it may hold. */
export const promised = { maxBusyMs: 50, maxAddedMegabytes: 64 } as const

const maxBusyMs = 10 * promised.maxBusyMs
const maxAddedMegabytes = 200

export function expectBounded({ status, busyMs, addedMegabytes }: Answered & Watched, times = 1): void {
  expect(status).toBeLessThan(500)
  expect(busyMs).toBeLessThan(maxBusyMs * times)
  expect(addedMegabytes).toBeLessThan(maxAddedMegabytes * times)
}
