/** The control API, `/++/…`, and the health probe at `/`: JSON, and the simulator's key in `api-key` for all but the probe. */
import type { Clock } from '../clock.ts'
import { parseDuration } from '../config/duration.ts'
import type { Apply } from '../config/change.ts'
import type { ConfigError } from '../config/problem.ts'
import { accessDenied } from '../errors/access.ts'
import { decodedOr } from '../base/decoded.ts'
import { type ApiError, contentTooLarge, gatewayError, resourceNotFound, unavailable } from '../errors.ts'
import { inSlicesOf, Slices, step } from '../base/slices.ts'
import { isObject } from '../base/object.ts'
import { longJsonBytes } from '../http/body.ts'
import { parseLongJson } from '../http/long-json.ts'
import { parseTarget } from '../http/target.ts'
import { isVersion, versionForm } from '../state/version.ts'
import type { ModeName } from '../config/config.ts'
import type { LiveFigures } from '../metrics/live.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { inPieces, json, type Sliced } from './answers.ts'
import { answerRecordings, type RecordingsControl } from './recordings.ts'
import { answerRules, type RulesControl } from './rules.ts'
import { answerWorld, type ResourceDirectory } from './resources.ts'
import { tellCapacity } from './capacity.ts'
import { answerTimeline, type TimelineView } from './timeline.ts'
import { answerSessions } from './sessions.ts'
import { eventStream } from './event-stream.ts'
import { openApi } from './openapi.ts'
import { isPagePath, pageFile } from './page.ts'
import { answerExpect } from './expect.ts'
import { type VerdictSource, tellVerdict } from './verdict.ts'
import { type Reported, tellReport } from './report.ts'
import { listRequests, tellRequest } from './requests.ts'
import type { PageSignIn } from './sign-in.ts'
import { reasonOf } from '../base/reason.ts'

export type SettingsView = {
  readonly document: () => unknown
  readonly apply: Apply
  /** Of what its PATCH takes. */
  readonly schema: () => unknown
}

export type Control = VerdictSource &
  Reported &
  RecordingsControl & {
    /** Whether that key opens it. */
    readonly opens: (key: string) => boolean
    /** All resources of the process, where this is the control of the process. */
    readonly world?: ResourceDirectory
    readonly timeline: TimelineView | undefined
    /** The names of all phases that may hold for it. */
    readonly phases: readonly string[]
    /** Applies a part of what `/++/settings` shows. */
    readonly change: (part: unknown) => Promise<void>
    /** Answered to whoever may come in: a resource was named that is not there. */
    readonly missing?: ApiError
    readonly mode: () => ModeName
    /** The same settings in two vocabularies. */
    readonly views: { readonly config: SettingsView; readonly settings: SettingsView }
    /** Of what is in force. */
    readonly version: () => string
    /** Applies a part of a view's document whole, for all instances, or rejects with a `ConfigError`. */
    readonly patch: (part: unknown, basedOn: string | undefined, apply: Apply) => Promise<void>
    /** Goes back to the configuration of the start, for all instances. */
    readonly reset: (basedOn?: string) => Promise<void>
    readonly waitFor: (version: string, timeoutMs: number, signal?: AbortSignal) => Promise<boolean>
    readonly rules: RulesControl
    readonly fileSchema: () => unknown
    readonly describe: (error: ConfigError) => unknown
    readonly isConfigError: (error: unknown) => error is ConfigError
    /** Writes what was recorded and is not kept yet; says how many documents were written. */
    readonly saveRecordings: () => Promise<number>
    /** As Prometheus reads it. */
    readonly metrics: () => Promise<Iterable<string>>
    readonly region: () => string
    /** How much use of provisioned throughput may come at once. */
    readonly burstMs: () => number
    readonly live: LiveFigures
    readonly signIn: PageSignIn
    readonly clock: Clock
    readonly report: (error: unknown) => void
  }

const maxBytes = 1_048_576

export async function answerControl(request: SimRequest, path: string, control: Control): Promise<SimResponse> {
  const { method } = request
  if (path === '/') {
    if (method !== 'GET' && method !== 'HEAD') throw resourceNotFound()
    return json(200, { message: 'aoai-simulated-api is running', simulator_mode: control.mode() })
  }
  if (method === 'GET' && isPagePath(path)) return pageFile(path)
  if (method === 'POST' && path === '/++/sign-in') return control.signIn(await readObject(request, control.clock))
  if (!control.opens(request.headers.get('api-key') ?? '')) throw accessDenied()
  if (control.missing) throw control.missing
  const route = path.replace(/\/+$/, '')
  const [, name, schema] = /^\/\+\+\/(config|settings)(\/schema)?$/.exec(route) ?? []
  if (name === 'config' || name === 'settings') return answerView(request, control, name, schema !== undefined)
  const sliced: Sliced = (work) => inSlicesOf(new Slices(control.clock, () => undefined), work)
  const [, rules, id] = /^\/\+\+\/(rules)(?:\/([^/]+))?$/.exec(route) ?? []
  if (rules !== undefined)
    return answerRules(
      {
        method,
        id: id && decodedOr(id, id),
        request,
        basedOn: basedOn(request),
        body: () => readJson(request, control.clock),
        sliced,
      },
      control.rules,
    )
  const [, recordings, rest] = /^\/\+\+\/(recordings)(?:\/(.+))?$/.exec(route) ?? []
  if (recordings) {
    if (!control.world) throw gatewayError(404, '404', 'Recordings are the whole process’s: ask it without a resource.')
    return answerRecordings(
      { request, rest, basedOn: basedOn(request), body: () => readObject(request, control.clock) },
      control,
    )
  }
  const ofWorld = control.world && answerWorld(request, route, { world: control.world, sliced })
  if (ofWorld) return ofWorld
  const [, sessions, session] = /^\/\+\+\/(sessions)(?:\/([^/]+))?$/.exec(route) ?? []
  if (sessions && control.world)
    return answerSessions(
      { request, id: session, body: () => readObject(request, control.clock), sliced },
      control.world.sessions,
    )
  const [, requestId] = /^\/\+\+\/requests\/([\w-]+)$/.exec(route) ?? []
  if (method === 'GET' && requestId !== undefined) return tellRequest(requestId, control)
  const [, timeline, action] = /^\/\+\+\/(timeline)(?:\/([^/]+))?$/.exec(route) ?? []
  if (timeline) return answerTimeline(method, action, control.timeline)
  switch (`${method} ${route}`) {
    case 'GET /++/openapi.json':
      return json(200, openApi())
    case 'GET /++/errors':
      return json(200, { errors: control.rules.errors() })
    case 'POST /++/save-recordings':
      return saveRecordings(control)
    case 'GET /++/metrics':
      return inPieces(200, await control.metrics(), 'text/plain; version=0.0.4; charset=utf-8')
    case 'GET /++/requests':
      return listRequests(request, { ...control, sliced })
    case 'POST /++/requests/expect':
      return answerExpect(await readObject(request, control.clock), { ...control, sliced })
    case 'GET /++/capacity':
      return tellCapacity(request, { journal: control.journal, burstMs: control.burstMs(), sliced })
    case 'GET /++/verdict':
      return tellVerdict(request, control)
    case 'GET /++/report':
      return tellReport(control)
    case 'GET /++/live':
      return eventStream({ clock: control.clock, follow: control.live.follow, tellsMissed: false })
    case 'DELETE /++/requests':
      control.journal.clear()
      control.bodies.clear()
      control.sightings.clear()
      control.history.clear()
      return json(200, { message: 'The journal is empty' })
    default:
      throw resourceNotFound()
  }
}

const defaultWait = '30s'
/** The Functions host and what stands before it end a request that is silent for four minutes. */
const longestWaitMs = 200_000

const isOfFile = ({ url }: SimRequest) => parseTarget(url).query.get('of') === 'sim.yaml'

async function answerView(
  request: SimRequest,
  control: Control,
  name: keyof Control['views'],
  isOfSchema: boolean,
): Promise<SimResponse> {
  const view = control.views[name]
  switch (request.method + (isOfSchema ? ' schema' : '')) {
    case 'GET':
      return getView(request, control, view)
    case 'PATCH':
      await control.patch(withoutReadOnly(await readObject(request, control.clock)), basedOn(request), view.apply)
      return answerOf(control, view)
    case 'DELETE':
      await control.reset(basedOn(request))
      return answerOf(control, view)
    case 'GET schema':
      return json(200, isOfFile(request) ? control.fileSchema() : view.schema())
    default:
      throw resourceNotFound()
  }
}

async function getView(request: SimRequest, control: Control, view: SettingsView): Promise<SimResponse> {
  const { query } = parseTarget(request.url)
  const wanted = query.get('wait')
  if (wanted === null) return answerOf(control, view)
  if (!isVersion(wanted)) throw gatewayError(400, 'InvalidVersion', `wait must be ${versionForm}.`)
  const timeoutMs = parseDuration(query.get('timeout') ?? defaultWait)?.mean
  if (timeoutMs === undefined || timeoutMs > longestWaitMs) {
    throw gatewayError(400, 'InvalidTimeout', 'timeout must be a duration with its unit, up to 200s.')
  }
  const isThere = await control.waitFor(wanted, timeoutMs, request.signal)
  if (isThere) return answerOf(control, view)
  const message =
    `Version ${wanted} did not take effect before the timeout: this instance has version ${control.version()}. ` +
    'GET /++/config tells under sharing where it looks, and what it refuses.'
  throw gatewayError(504, 'VersionNotInForce', message)
}

/** What the document tells of the instance: whoever sends it back does not set it. */
function withoutReadOnly(part: Record<string, unknown>): Record<string, unknown> {
  const { version: _version, sharing: _sharing, ...rest } = part
  return rest
}

/** The version that a change is based on, where the client cares. */
function basedOn({ headers }: SimRequest): string | undefined {
  const tag = headers.get('if-match')?.trim().replace(/^W\//, '').replace(/^"|"$/g, '')
  return tag === '*' ? undefined : tag
}

async function answerOf(control: Control, view: SettingsView): Promise<SimResponse> {
  const tag = control.version()
  const slices = new Slices(control.clock, () => undefined)
  const answer = await inSlicesOf(slices, () => {
    const document = step(view.document)
    return step(() => json(200, document))
  })
  return { ...answer, headers: { ...answer.headers, ETag: `"${tag}"` } }
}

async function saveRecordings({ mode, saveRecordings: save }: Control): Promise<SimResponse> {
  if (mode() !== 'record') {
    const message = `There is nothing to save in ${mode()} mode.`
    return json(400, { error: { code: 'NotRecording', message } })
  }
  try {
    return json(200, { message: 'Recordings saved', saved: await save() })
  } catch (error) {
    throw unavailable('RecordingsUnavailable', `The recordings were not saved: ${reasonOf(error)}`)
  }
}

/** `undefined` for what is no JSON. */
async function parsed(bytes: Uint8Array, request: SimRequest, clock: Clock): Promise<unknown> {
  if (bytes.length > longJsonBytes) return parseLongJson(bytes, new Slices(clock, () => request.signal))
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

async function readJson(request: SimRequest, clock: Clock): Promise<unknown> {
  const bytes = await request.bytes(maxBytes)
  if (bytes === undefined) throw contentTooLarge(maxBytes)
  const value = await parsed(bytes, request, clock)
  if (value === undefined) throw gatewayError(400, 'InvalidJson', 'The body is not JSON.')
  return value
}

async function readObject(request: SimRequest, clock: Clock): Promise<Record<string, unknown>> {
  const bytes = await request.bytes(maxBytes)
  if (bytes === undefined) throw contentTooLarge(maxBytes)
  const value = await parsed(bytes, request, clock)
  if (isObject(value)) return value
  const message = 'The body is not a JSON object. Send a part of what GET answers here.'
  throw gatewayError(400, 'InvalidJson', message)
}
