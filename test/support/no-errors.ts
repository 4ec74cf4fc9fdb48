/** After each test: no simulator that it used has reported a mistake of its own, unless the test looked at them. */
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { startedSimulators } from './started.ts'

/** Made outside of tests, by a file or a `describe`: watched until the file ends. */
const shared: { unread(): readonly string[] }[] = []

beforeEach(() => {
  shared.push(...startedSimulators.splice(0))
})

afterEach(() => {
  const unread = [...shared, ...startedSimulators.splice(0)].flatMap((simulator) => simulator.unread())
  expect(unread, 'mistakes that the simulator reported').toEqual([])
})

afterAll(() => {
  shared.length = 0
})
