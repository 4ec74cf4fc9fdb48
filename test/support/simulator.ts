/** A simulator for a test: in process, on a manual clock where the test wants one, and the official SDKs on it. */
import OpenAI, { AzureOpenAI } from 'openai'
import { toFetch } from '../../src/host/fetch.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { createSimulator, type SimulatorOptions } from '../../src/sim/index.ts'
import { startedSimulators } from './started.ts'

const apiKey = 'test-key'
export const apiVersion = '2024-10-21'

const instantly = {
  latency: {
    chatCompletions: { interToken: '0ms' },
    completions: { interToken: '0ms' },
    embeddings: '0ms',
    translations: '0ms',
    transcriptions: '0ms',
    speech: '0ms',
    images: '0ms',
  },
}

/** `input` is written as `sim.yaml` is; answers take no time unless it says so. */
export function testSimulator(input: Record<string, unknown> = {}, options: Partial<SimulatorOptions> = {}) {
  const errors: string[] = []
  let isRead = false
  startedSimulators.push({ unread: () => (isRead ? [] : errors) })
  const simulator = createSimulator({
    sources: [
      { name: 'test', input: { apiKey, ...instantly } },
      { name: 'test', input },
    ],
    random: seededRandom(1),
    log: { debug() {}, info() {}, warn() {}, error: (message) => errors.push(message) },
    ...options,
  })
  const fetch = toFetch(simulator)
  const shared = { apiKey, fetch, maxRetries: 0 }
  return {
    ...simulator,
    fetch,
    /** What the simulator reported as its own mistakes. A test that looks at them judges them; else there may be none. */
    errors: new Proxy(errors, {
      get: (list, member) => {
        isRead = true
        return Reflect.get(list, member, list) as unknown
      },
    }),
    azure: (deployment?: string, version = apiVersion) =>
      new AzureOpenAI({
        ...shared,
        endpoint: 'http://sim.test',
        apiVersion: version,
        ...(deployment ? { deployment } : {}),
      }),
    v1: () => new OpenAI({ ...shared, baseURL: 'http://sim.test/openai/v1' }),
    /** One request as it is: for what no SDK would send. */
    request: (path: string, init: RequestInit = {}) =>
      fetch(`http://sim.test${path}`, {
        ...init,
        headers: { 'api-key': apiKey, ...(init.headers as Record<string, string>) },
      }),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`http://sim.test${path}`, {
        method: 'POST',
        headers: { 'api-key': apiKey, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
  }
}
