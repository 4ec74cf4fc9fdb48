/** The control API and the simulated API, as the page asks them. */

export type Api = {
  readonly get: <T>(path: string) => Promise<T>
  readonly send: <T>(method: 'PATCH' | 'POST' | 'DELETE' | 'PUT', path: string, body?: unknown) => Promise<T>
  /** The answer as it comes, whatever its status. */
  readonly raw: (path: string, init: RequestInit) => Promise<Response>
  /** Server-sent events until `signal` aborts; comes back by itself when the connection is lost. */
  readonly follow: <T>(path: string, told: StreamHandlers<T>, signal: AbortSignal) => void
}

export type StreamHandlers<T> = {
  readonly data: (data: T) => void
  readonly state: (state: 'open' | 'lost') => void
  /** The simulator says that this cannot be followed, and why. */
  readonly refused?: (message: string) => void
}

export function createApi(key: string, refused: () => void): Api {
  const raw = (path: string, init: RequestInit) =>
    fetch(path, {
      ...init,
      headers: { 'api-key': key, ...(init.headers as Record<string, string> | undefined) },
    }).catch((error: unknown) => {
      // Browsers word it each in its own way, and none so that it says what to do.
      throw error instanceof TypeError ? new Error('The simulator cannot be reached. Is it running?') : error
    })
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const answer = await raw(path, init)
    if (answer.status === 401) refused()
    const text = await answer.text()
    if (!answer.ok) throw new Error(errorMessageIn(text) ?? `The simulator answered ${answer.status}.`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    raw,
    get: (path) => ask(path),
    send: (method, path, body) =>
      ask(path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    follow(path, told, signal) {
      void follow(() => raw(path, { signal }), { ...told, signedOut: refused }, signal)
    },
  }
}

const firstRetryMs = 500
const maxRetryMs = 8_000

async function follow<T>(
  open: () => Promise<Response>,
  told: StreamHandlers<T> & { readonly signedOut: () => void },
  signal: AbortSignal,
): Promise<void> {
  let waitMs = firstRetryMs
  while (!signal.aborted) {
    try {
      const answer = await open()
      if (answer.status === 401) {
        told.signedOut()
        return
      }
      if (answer.status === 400) {
        told.refused?.(errorMessageIn(await answer.text()) ?? 'The simulator refused this.')
        return
      }
      if (answer.ok && answer.body) {
        told.state('open')
        waitMs = firstRetryMs
        for await (const data of events(answer.body)) told.data(JSON.parse(data) as T)
      }
    } catch {
      // The simulator was stopped, or the network is gone.
    }
    told.state('lost')
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    waitMs = Math.min(maxRetryMs, waitMs * 2)
  }
}

/** The data of each event. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (rest + value).split(/\r?\n\r?\n/)
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const data = part
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
      const isNote = part.split(/\r?\n/).some((line) => line.startsWith('event: missed'))
      if (data.length > 0 && !isNote) yield data.join('\n')
    }
  }
}

/** What the body of an error says, in one or several lines. */
export function errorMessageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as {
      error?: { message?: string; details?: { path?: string; message?: string }[] }
    }
    const details = (error?.details ?? []).map(({ path, message }) => `${path ?? ''}: ${message ?? ''}`)
    return [error?.message, ...details].filter((line) => line !== undefined).join('\n') || undefined
  } catch {
    return text.trim().slice(0, 500) || undefined
  }
}
