/**
 * Requests that are nearly right, drawn from a seed: none is answered with a fault of the simulator's own. For 30 s, or as
 * many as ATTACK_SECONDS says, or until there were ATTACK_REQUESTS; from the seed in ATTACK_SEED.
 */
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { testSimulator } from '../support/simulator.ts'
import type { Attack } from './attacked.ts'
import { goodRequests } from './fuzz-bodies.ts'
import { keptRequests, prepare, withIds } from './fuzz-kept.ts'
import { mutate } from './mutate.ts'

const isLong = process.env.ATTACK_SECONDS !== undefined
const maxRequests = Number(process.env.ATTACK_REQUESTS ?? (isLong ? Infinity : 20_000))
const seconds = Number(process.env.ATTACK_SECONDS ?? (process.env.ATTACK_REQUESTS === undefined ? 30 : 36_000))
const firstSeed = Number(process.env.ATTACK_SEED ?? 1)
const headers = { 'api-key': 'test-key', 'content-type': 'application/json' }

const simulator = testSimulator()
const all = [...goodRequests, ...keptRequests]

const ask = async ({ path, method = 'POST', body, headers: own }: Attack) => {
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const answer = await simulator.fetch(`http://sim.test${path}`, {
    method,
    headers: { ...headers, ...own },
    ...(hasBody && { body: body ?? '' }),
  })
  return { status: answer.status, text: await answer.text() }
}
const ids = await prepare(ask)

it.each(all.map((good) => [`${good.method ?? 'POST'} ${good.path}`, good] as const))(
  'begins with what is understood: %s',
  async (_, good) => {
    const { status } = await ask(withIds(good, ids))
    expect([200, 201, 400, 401, 404, 409, 417]).toContain(status)
  },
)

it('has no fault of its own, whatever is asked', { timeout: (seconds + 30) * 1000 }, async () => {
  const endAt = performance.now() + seconds * 1000
  const faults: unknown[] = []
  let seed = firstSeed
  while (performance.now() < endAt && seed - firstSeed < maxRequests && faults.length < 5) {
    const random = seededRandom(seed++)
    const attack = mutate(all[random.below(all.length)]!, random)
    const { status, text } = await ask(withIds(attack, ids))
    if (status >= 500) faults.push({ seed: seed - 1, status, text, attack, error: simulator.errors.splice(0).at(-1) })
  }
  if (process.env.ATTACK_REQUESTS !== undefined) console.log(`${seed - firstSeed} requests, from seed ${firstSeed} on`)
  expect(faults).toEqual([])
  expect(seed - firstSeed).toBeGreaterThan(100)
})
