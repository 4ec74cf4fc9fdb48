/** The control API, `/++/…`, and the health probe at `/`: JSON, and the simulator's key in `api-key` for all but the probe. */
import type { ConfigError } from '../config/problem.ts'
import { accessDenied } from '../errors/access.ts'
import { ApiError, contentTooLarge, gatewayError, resourceNotFound } from '../errors.ts'
import { isSame } from '../http/auth.ts'
import { parseJsonObject } from '../http/body.ts'
import type { Mode } from '../config/config.ts'
import type { SimRequest, SimResponse } from '../types.ts'

export type Control = {
  readonly apiKey: () => string
  readonly mode: () => Mode
  /** The document of `/++/config`. */
  readonly document: () => unknown
  /** Applies a part of it whole, or throws a `ConfigError`. */
  readonly patch: (part: unknown) => void
  readonly describe: (error: ConfigError) => unknown
  readonly isConfigError: (error: unknown) => error is ConfigError
  /** Writes what was recorded and is not kept yet; says how many documents were written. */
  readonly saveRecordings: () => Promise<number>
  readonly report: (error: unknown) => void
}

const maxBytes = 1_048_576

/** What is asked of the simulator itself and not of the service that it plays; `undefined` for all else. */
export function isControl(path: string): boolean {
  return path === '/' || path === '/++' || path.startsWith('/++/')
}

/** Never rejects. */
export async function handleControl(request: SimRequest, path: string, control: Control): Promise<SimResponse> {
  try {
    return await answer(request, path, control)
  } catch (error) {
    if (error instanceof ApiError) return rawJson(error.status, error.body)
    if (control.isConfigError(error)) return json(400, control.describe(error))
    control.report(error)
    return json(500, { error: { code: '500', message: 'The simulator failed to answer this request.' } })
  }
}

async function answer(request: SimRequest, path: string, control: Control): Promise<SimResponse> {
  const { method } = request
  if (path === '/') {
    if (method !== 'GET' && method !== 'HEAD') throw resourceNotFound()
    return json(200, { message: 'aoai-simulated-api is running', simulator_mode: control.mode() })
  }
  if (!isSame(request.headers.get('api-key') ?? '', control.apiKey())) throw accessDenied()
  switch (`${method} ${path.replace(/\/+$/, '')}`) {
    case 'GET /++/config':
      return json(200, control.document())
    case 'PATCH /++/config':
      control.patch(await readObject(request))
      return json(200, control.document())
    case 'POST /++/save-recordings':
      return saveRecordings(control)
    default:
      throw resourceNotFound()
  }
}

async function saveRecordings({ mode, saveRecordings: save }: Control): Promise<SimResponse> {
  if (mode() !== 'record') {
    const message = `There is nothing to save in ${mode()} mode.`
    return json(400, { error: { code: 'NotRecording', message } })
  }
  try {
    return json(200, { message: 'Recordings saved', saved: await save() })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return json(503, { error: { code: 'RecordingsUnavailable', message: `The recordings were not saved: ${reason}` } })
  }
}

async function readObject(request: SimRequest): Promise<Record<string, unknown>> {
  const bytes = await request.bytes(maxBytes)
  if (bytes === undefined) throw contentTooLarge(maxBytes)
  const value = parseJsonObject(bytes)
  if (value) return value
  const message = 'The body is not a JSON object. Send a part of what GET /++/config answers.'
  throw gatewayError(400, 'InvalidJson', message)
}

const json = (status: number, value: unknown) => rawJson(status, JSON.stringify(value))

const rawJson = (status: number, body: string): SimResponse => ({
  status,
  headers: { 'Content-Length': String(Buffer.byteLength(body)), 'Content-Type': 'application/json' },
  body,
})
