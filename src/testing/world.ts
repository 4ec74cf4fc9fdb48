/** A resource that runs somewhere, by its control API. */
import type { Expectation, KnownRule, MadeRequest, Rules, Seen, TimelinePosition, Verdict, World } from './types.ts'

export type Connection = { readonly endpoint: string; readonly apiKey: string; readonly fetch: typeof fetch }

/** The requests that were made are not those that were expected. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError'
  readonly seen: Seen

  constructor(seen: Seen) {
    super(textOf(seen))
    this.seen = seen
  }
}

/** What went wrong with the control API, in its words. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const nothing = () => undefined

const apiVersion = '2024-10-21'

export function worldAt({ endpoint, apiKey, fetch }: Connection): World {
  const ask = askerAt({ endpoint, apiKey, fetch })
  const oneRule = async (method: string, path: string, body: unknown) => (await ask(method, path, body)) as KnownRule
  const list = async (method: string, body?: unknown) =>
    ((await ask(method, '/rules', body)) as { rules: readonly KnownRule[] }).rules
  const rules: Rules = {
    add: (rule) => oneRule('POST', '/rules', rule),
    addFirst: (rule) => oneRule('POST', '/rules?at=start', rule),
    set: (all) => list('PUT', all),
    change: (id, part) => oneRule('PATCH', `/rules/${encodeURIComponent(id)}`, part),
    remove: (id) => ask('DELETE', `/rules/${encodeURIComponent(id)}`).then(nothing),
    list: () => list('GET'),
    reset: () => list('DELETE'),
  }
  const timeline = async (method: string, action = '') => (await ask(method, `/timeline${action}`)) as TimelinePosition
  const baseURL = `${endpoint}/openai/v1`
  return {
    endpoint,
    apiKey,
    azure: { endpoint, apiKey, apiVersion, fetch },
    openai: { baseURL, apiKey, fetch },
    env: {
      AZURE_OPENAI_ENDPOINT: endpoint,
      AZURE_OPENAI_API_KEY: apiKey,
      OPENAI_BASE_URL: baseURL,
      OPENAI_API_KEY: apiKey,
    },
    fetch,
    rules,
    async requests(filter = {}) {
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(filter)) query.set(name, String(value))
      const { requests } = (await ask('GET', `/requests?${query.toString()}`)) as { requests: readonly MadeRequest[] }
      return requests
    },
    forget: () => ask('DELETE', '/requests').then(nothing),
    async expect(expected, options = {}) {
      const expectations: readonly Expectation[] = [expected].flat()
      const seen = (await ask('POST', '/requests/expect', { within: '1s', ...options, expectations }, 417)) as Seen
      if (!seen.met) throw new ExpectationError(seen)
      return seen
    },
    verdict: async () => (await ask('GET', '/verdict')) as Verdict,
    change: (settings) => ask('PATCH', '/settings', settings).then(nothing),
    timeline: {
      position: () => timeline('GET'),
      start: () => timeline('POST', '/start'),
      stop: () => timeline('POST', '/stop'),
      skip: () => timeline('POST', '/skip'),
    },
  }
}

/** Asks the control API; rejects with a `ControlError` for what it refuses, but for a status that is looked for. */
export function askerAt({ endpoint, apiKey, fetch }: Connection) {
  return async (method: string, path: string, body?: unknown, allowed?: number): Promise<unknown> => {
    const answer = await fetch(`${endpoint}/++${path}`, {
      method,
      headers: { 'api-key': apiKey, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (answer.ok || answer.status === allowed) return JSON.parse(text) as unknown
    throw new ControlError(answer.status, messageOf(text) ?? `${method} ${path} was answered with ${answer.status}`)
  }
}

type Refused = {
  readonly error?: {
    readonly message?: string
    readonly details?: readonly { readonly path: string; readonly message: string }[]
  }
}

/** With every problem, a line each. */
function messageOf(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as Refused
    const details = error?.details?.map(({ path, message }) => `${path}: ${message}`) ?? []
    return error?.message === undefined ? undefined : [error.message, ...details].join('\n')
  } catch {
    return undefined
  }
}

function textOf({ error, expectations }: Seen): string {
  const lines = expectations.flatMap(({ met, nearest = [] }, at) =>
    met
      ? []
      : nearest.map(
          ({ id, status, differs, found }) =>
            `  nearest to expectation ${at + 1}: ${id} (${status}) differs in ${differs.join(', ')}; found ${JSON.stringify(found)}`,
        ),
  )
  return [error?.message ?? 'not met', ...lines].join('\n')
}
