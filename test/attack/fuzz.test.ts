/**
 * Requests that are nearly right, drawn from a seed: none is answered with a fault of the simulator's own. For 30 s, or as
 * many as ATTACK_SECONDS says, or until there were ATTACK_REQUESTS; from the seed in ATTACK_SEED.
 */
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { testSimulator } from '../support/simulator.ts'
import { goodRequests } from './fuzz-bodies.ts'
import { mutate } from './mutate.ts'

const maxRequests = Number(process.env.ATTACK_REQUESTS ?? Infinity)
const seconds = Number(process.env.ATTACK_SECONDS ?? (maxRequests < Infinity ? 36_000 : 30))
const firstSeed = Number(process.env.ATTACK_SEED ?? 1)
const headers = { 'api-key': 'test-key', 'content-type': 'application/json' }

const simulator = testSimulator()

const ask = async ({ path, method = 'POST', body, headers: own }: (typeof goodRequests)[number]) => {
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const answer = await simulator.fetch(`http://sim.test${path}`, {
    method,
    headers: { ...headers, ...own },
    ...(hasBody && { body: body ?? '' }),
  })
  return { status: answer.status, text: await answer.text() }
}

it.each(goodRequests.map((good) => [`${good.method ?? 'POST'} ${good.path}`, good] as const))(
  'begins with what is understood: %s',
  async (_, good) => {
    const { status } = await ask(good)
    expect([200, 201, 400, 404]).toContain(status)
  },
)

it('has no fault of its own, whatever is asked', { timeout: (seconds + 30) * 1000 }, async () => {
  const endAt = performance.now() + seconds * 1000
  const faults: unknown[] = []
  let seed = firstSeed
  while (performance.now() < endAt && seed - firstSeed < maxRequests && faults.length < 5) {
    const random = seededRandom(seed++)
    const attack = mutate(goodRequests[random.below(goodRequests.length)]!, random)
    const { status, text } = await ask(attack)
    if (status >= 500) faults.push({ seed: seed - 1, status, text, attack, error: simulator.errors.splice(0).at(-1) })
  }
  if (process.env.ATTACK_REQUESTS !== undefined) console.log(`${seed - firstSeed} requests, from seed ${firstSeed} on`)
  expect(faults).toEqual([])
  expect(seed - firstSeed).toBeGreaterThan(100)
})
