/** The kit for tests: `aoai-simulated-api/testing`. */
import { randomBytes } from 'node:crypto'
import { simulatorElsewhere } from '../host/environment.ts'
import { toFetch } from '../host/fetch.ts'
import { startNodeHost } from '../host/node.ts'
import { createSimulator, isTree, noLatency } from '../sim/index.ts'
import type { Session, Settings, Simulator, SimulatorFixtures, StartOptions } from './types.ts'
import { type Connection, askerAt, worldAt } from './world.ts'

export type * from './types.ts'
export { ControlError, ExpectationError } from './world.ts'

/**
 * Starts a simulator in this process. `settings` are those of `sim.yaml`; answers come at once unless they say otherwise.
 * Rejects with every problem of the settings.
 */
export async function startSimulator(settings: Settings = {}, options: StartOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1' } = options
  const drawn = { apiKey: randomBytes(16).toString('hex'), server: { stopTimeout: '100ms' } }
  const simulator = createSimulator({
    sources: [
      { name: 'testing', input: { ...noLatency({}), ...drawn } },
      { name: 'settings', input: settings },
    ],
  })
  const apiKey = isTree(settings) && typeof settings.apiKey === 'string' ? settings.apiKey : drawn.apiKey
  if (port === 'none') {
    const address = { endpoint: 'http://simulator.localhost', apiKey, fetch: toFetch(simulator) }
    return simulatorAt(address, () => simulator.close())
  }
  const running = await startNodeHost(simulator, { port, host, server: simulator.config().server })
  return simulatorAt({ endpoint: running.url, apiKey, fetch }, async () => {
    await running.stop()
    await simulator.close()
  })
}

/** One that runs already; `endpoint` is what it printed at its start, and so is the key. */
export function connect(endpoint: string, apiKey: string): Simulator {
  return simulatorAt({ endpoint: endpoint.replace(/\/+$/, ''), apiKey, fetch }, () => Promise.resolve())
}

/**
 * For `test.extend(…)` of vitest and of Playwright. The simulator is started in the worker's process, or it is the one that
 * the variables `AOAI_SIMULATOR_URL` and `AOAI_SIMULATOR_KEY` name.
 */
export function simulatorFixtures(settings: Settings = {}): SimulatorFixtures {
  return {
    aoaiSimulator: [
      // Both frameworks read from the text of the function what it asks for.
      async ({}, use) => {
        const { url, key } = simulatorElsewhere()
        await using simulator = url === undefined ? await startSimulator(settings) : connect(url, key ?? '')
        await use(simulator)
      },
      { scope: 'worker' },
    ],
    aoaiSession: async ({ aoaiSimulator }, use) => {
      await using session = await aoaiSimulator.session()
      await use(session)
    },
  }
}

function simulatorAt(address: Connection, close: () => Promise<void>): Simulator {
  const ask = askerAt(address)
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= close())
  return {
    ...worldAt(address),
    session: async (settings = {}) => {
      const made = (await ask('POST', '/sessions', settings)) as Made
      return sessionAt(made, { ...address, endpoint: made.endpoint, apiKey: made.apiKey }, ask)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const nothing = () => undefined

type Made = { readonly id: string; readonly name: string; readonly endpoint: string; readonly apiKey: string }
type Counts = Awaited<ReturnType<Session['end']>>

function sessionAt({ id, name }: Made, address: Connection, ask: ReturnType<typeof askerAt>): Session {
  // It may be over by itself, which is no mistake of a test.
  const end = async () => {
    const { counts } = (await ask('DELETE', `/sessions/${id}`, undefined, 404)) as { counts?: Counts }
    return counts ?? { calls: 0, statuses: {} }
  }
  return { ...worldAt(address), id, name, end, [Symbol.asyncDispose]: () => end().then(nothing) }
}
