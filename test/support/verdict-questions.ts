/** What clients are asked to ask so that the verdict can be given on them: one simulator, a resource for each client. */
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import type { Verdict } from '../../src/sim/index.ts'
import { serverLimits } from './hosts.ts'
import { testSimulator } from './simulator.ts'

/** Each is asked by three users at once; what happens to the first attempts of each is in its name's rule. */
const kinds: Readonly<Record<string, { readonly call: string; readonly then: Record<string, unknown> }>> = {
  busy: { call: '1', then: { error: { status: 429, code: '429' }, retryAfter: '1500ms' } },
  /** Longer than openai-java waits. */
  full: { call: '1', then: { error: { status: 429, code: '429' }, retryAfter: '9s' } },
  flaky: { call: '1..2', then: { error: { status: 500, code: '500' } } },
  gone: { call: '1..', then: { error: { status: 404, code: 'DeploymentNotFound' } } },
}

/** Asked as streams. */
const streamed: typeof kinds = { cut: { call: '1', then: { fault: 'end', after: { events: 3 } } } }

const users = [0, 1, 2]

/** The questions that a client asks one after the other; all are answered. */
export const easyQuestions: readonly string[] = Array.from({ length: 180 }, (_, n) => `hello ${n}`)
/** Those that it asks all at once. */
export const questions: readonly string[] = Object.keys(kinds).flatMap((kind) => users.map((user) => `${kind} ${user}`))
export const streamedQuestions: readonly string[] = Object.keys(streamed).flatMap((kind) =>
  users.map((user) => `${kind} ${user}`),
)

const rules = Object.entries({ ...kinds, ...streamed }).flatMap(([kind, { call, then }]) =>
  users.map((user) => ({ when: { prompt: `${kind} ${user}`, call }, then })),
)

export type Judging = {
  /** Of the resource of that client. */
  readonly environment: (client: string) => Readonly<Record<string, string>>
  readonly verdict: (client: string) => Promise<Verdict>
  readonly stop: () => Promise<void>
}

export async function startJudging(clients: readonly string[]): Promise<Judging> {
  const key = (client: string) => `key-of-${client}`
  const resources = Object.fromEntries(clients.map((client) => [client, { apiKeys: [key(client)], rules }]))
  const host: NodeHost = await startNodeHost(testSimulator({ resources }), {
    port: 0,
    host: '127.0.0.1',
    server: serverLimits,
  })
  const verdict = async (client: string) => {
    const answer = await fetch(`${host.url}/resources/${client}/++/verdict`, { headers: { 'api-key': key(client) } })
    return (await answer.json()) as Verdict
  }
  return {
    environment: (client) => ({
      VERDICT_ENDPOINT: `${host.url}/resources/${client}`,
      VERDICT_KEY: key(client),
      VERDICT_EASY: JSON.stringify(easyQuestions),
      VERDICT_QUESTIONS: JSON.stringify(questions),
      VERDICT_STREAMED: JSON.stringify(streamedQuestions),
    }),
    verdict,
    stop: () => host.stop(),
  }
}
