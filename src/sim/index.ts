/** The door: all that a host, the command line and a test need of the app. */
import { textOf } from './base/text-of.ts'
import { controlPath, errorResponse, handleControl } from './admin/door.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config/config.ts'
import { ConfigError, mismatch } from './config/problem.ts'
import type { ConfigSource } from './config/read-source.ts'
import { resolveConfig } from './config/resolve.ts'
import { defaultResource } from './base/default-resource.ts'
import { ApiError } from './errors.ts'
import { variableAt } from './config/variables.ts'
import { keyOfPath } from './base/operation-key.ts'
import { checkExtension } from './extensions/check.ts'
import { createHooks } from './extensions/hooks.ts'
import { preflightAnswer, withCors } from './http/cors.ts'
import { createFlight } from './base/flight.ts'
import { createTellOnce } from './base/tell-once.ts'
import { inSlices } from './http/slices.ts'
import { insteadOf } from './families/retired.ts'
import { createMissing } from './http/missing.ts'
import { createWithoutEffect } from './http/without-effect.ts'
import { families } from './families/index.ts'
import { createRouter } from './http/router.ts'
import { parseTarget } from './http/target.ts'
import type { SharedCountsEvent } from './limits/shared-counts.ts'
import { type Log, silentLog } from './base/log.ts'
import { findModel, modelNames } from './models/catalogue.ts'
import { capacityProblems } from './models/check-capacity.ts'
import { createSignIn } from './admin/sign-in.ts'
import { createObserver } from './metrics/observer.ts'
import { type LimiterStatus, openLimits, openModes, openPlaces, openState } from './wiring/connections.ts'
import { openWorld } from './wiring/world.ts'
import { operations } from './operations/index.ts'
import type { AnyOperation } from './operation.ts'
import { type Random, seededRandom } from './random.ts'
import type { Recordings } from './recordings/interaction.ts'
import type { LoopDelay } from './metrics/loop-delay.ts'
import type { Observation } from './metrics/observation.ts'
import type { SimRequest, SimResponse } from './types.ts'
import { openResource } from './wiring/open-resource.ts'

export { systemClock } from './clock.ts'
export type { Config } from './config/config.ts'
export { describeSettings } from './config/describe.ts'
export { type DerivedLimit, derivedLimits } from './wiring/derived-limits.ts'
export { fromLegacyDeployments } from './config/legacy.ts'
export { ConfigError, masked, mismatch, nearestNames, type Problem, shown } from './config/problem.ts'
export { type ConfigSource, readSource, settingName } from './config/read-source.ts'
export { mergeReadings, type Resolved, resolveConfig, settingOf } from './config/resolve.ts'
export { filePaths } from './config/declared.ts'
export { noLatency } from './config/schema-parts.ts'
export { isTree, type Tree } from './config/tree.ts'
export { type Environment, fromEnvironment, isVariable, secretVariables } from './config/variables.ts'
export { parseSettingsYaml } from './config/yaml.ts'
export type { Log } from './base/log.ts'
export { Memo } from './base/memo.ts'
export { tiersOf } from './models/abilities.ts'
export { findModel, modelNames } from './models/catalogue.ts'
export { type LogNormal, logNormalOf, type Percentiles, quantileOf } from './base/log-normal.ts'
export { skus } from './types.ts'
export { blobStore } from './recordings/blob-store.ts'
export { createBlank } from './recordings/blank.ts'
export { convertRecordings } from './recordings/convert.ts'
export { copyRecordings } from './recordings/copy.ts'
export { type ImportedExchange, importRecording } from './recordings/import.ts'
export { ruleListProblems, rulesYaml } from './config/rule-list.ts'
export { fileStore } from './recordings/file-store.ts'
export { type Flight, NoRoom, smallBytes } from './base/flight.ts'
export { dropAnswer } from './http/send.ts'
export { fileOf, isDocument } from './recordings/name.ts'
export { exampleRecorded, type RecordedExample } from './recordings/example.ts'
export { documentProblems } from './recordings/read-document.ts'
export type { RecordingStore } from './recordings/store.ts'
export type { Observation } from './metrics/observation.ts'
export type { CapacityReport } from './admin/capacity.ts'
export type { DeploymentLimits, RunReport } from './admin/report.ts'
export type { HistoryRow, Quantiles, Sums } from './metrics/history.ts'
export type { LiveSecond } from './metrics/live.ts'
export type { Verdict } from './verdict/judge.ts'
export type { Mark } from './verdict/mark.ts'
export { liveHeaders } from './live/headers.ts'
export type { LiveSession, LiveSocket, OpenSession, SimRequest, SimResponse, Sink, StreamBody } from './types.ts'

const catalogue = { findModel, modelNames, capacityProblems }

export type Simulator = {
  /** The life of one request. Never rejects, and neither does a body that it gives. */
  readonly handle: (request: SimRequest) => Promise<SimResponse>
  /** Whether a resource is reached by this name, in small letters, which may be followed by a port. */
  readonly knowsHost: (host: string) => boolean
  readonly config: () => Config
  /** Where limits are counted at the moment. */
  readonly limiterStatus: () => LimiterStatus
  /** Applies a part of the document of `/++/config` to this instance, whole or not at all. Throws a `ConfigError`. */
  readonly patch: (part: unknown) => void
  /**
   * Writes what was recorded and is not kept yet, and closes what is open. Called once, when no request runs any more.
   * Rejects with one line for the operator where something could not be written.
   */
  readonly close: () => Promise<void>
}

export type SimulatorOptions = {
  /** Where the configuration comes from, weakest first; see `resolveConfig`. */
  readonly sources: readonly ConfigSource[]
  readonly log?: Log
  readonly clock?: Clock
  readonly random?: Random
  readonly onObservation?: (observation: Observation) => void
  /** Told when limits are no longer counted in Redis, and when they are again. */
  readonly onLimiterEvent?: (event: SharedCountsEvent) => void
  /** How late the event loop is, where the host measures it. */
  readonly loopDelay?: LoopDelay
  /** In place of those that the configuration names. */
  readonly recordings?: Recordings
  /** With it the page at `/++/` signs in, once. */
  readonly signInCode?: string
  /** What a module exports as its default, and how messages name that module. */
  readonly extension?: { readonly value: unknown; readonly place: string } | undefined
}

/** Throws a `ConfigError` that tells every problem of the configuration. */
export function createSimulator({
  sources,
  log = silentLog,
  clock = systemClock(),
  random = seededRandom(crypto.getRandomValues(new Uint32Array(1))[0] ?? 1),
  onObservation,
  onLimiterEvent,
  loopDelay,
  recordings,
  extension,
  signInCode,
}: SimulatorOptions): Simulator {
  const hooks = extension && createHooks(checkExtension(extension.value, extension.place, keys), { clock, random })
  const check = (next: Config) => checkForward(next, hooks?.destinationFor !== undefined)
  const models = { ...catalogue, extensionOperations: hooks?.operations.map(({ name }) => name) ?? [] }
  const start = resolveConfig(sources, models)
  check(start.config)
  const configNow = (): Config => world.top.config()
  const router = createRouter([...operations, ...(hooks?.operations ?? [])], families)
  const modes = openModes({ clock, log, random }, { recordings, hooks })
  const observer = createObserver({
    clock,
    log,
    start: start.config,
    config: configNow,
    told: onObservation,
    loopDelay,
    phase: () => world.top.timeline?.position().phase?.name,
  })
  const onEvent = (event: SharedCountsEvent) => {
    if (event.kind === 'away') observer.limiterAway()
    onLimiterEvent?.(event)
  }
  const limits = openLimits({ clock, log, random, onEvent }, start.config.redis)
  const missing = createMissing(log, router, insteadOf)
  const tellOnce = createTellOnce(log)
  const withoutEffect = createWithoutEffect(tellOnce)
  const flight = createFlight(clock, () => configNow().server.maxBytesInFlight)
  const report = (error: unknown) => log.error(error instanceof Error ? (error.stack ?? error.message) : textOf(error))
  const signIn = createSignIn(signInCode, () => world.top.keys.all()[0])
  const tellers = { missing, withoutEffect, tellOnce, report }
  const shared = {
    models,
    clock,
    random,
    log,
    flight,
    hooks,
    router,
    modes,
    limits,
    observer,
    check,
    signIn,
    ...tellers,
  }
  const store = openState(start.config, clock)
  const place = openPlaces(start.config, clock)
  const world = openWorld({
    start: { ...start, sources },
    models,
    clock,
    random,
    log,
    open: (given) =>
      openResource(shared, { ...given, place, store: given.name === defaultResource ? store : undefined }),
  })
  const { live } = world.top

  const { find, controlOf, top } = world
  const answerOf = (request: SimRequest, path: string): Promise<SimResponse> => {
    const found = find(request, path)
    if (found instanceof ApiError) return Promise.resolve(errorResponse(found))
    const resource = found ? found.resource : top
    const asked = found ? found.asked : request
    const control = controlPath(found ? parseTarget(asked.url).path : path)
    if (control !== undefined) {
      const spoken = controlOf(resource, found, asked)
      return handleControl(spoken.asked, control, spoken.control).then((response) => inSlices(response, flight, 0))
    }
    return resource.handle(asked)
  }
  const ask = async (request: SimRequest, path: string) => {
    const { cors } = configNow().server
    return preflightAnswer(request, cors) ?? withCors(await answerOf(request, path), request, cors)
  }
  const answer = (request: SimRequest): Promise<SimResponse> => {
    const { path } = parseTarget(request.url)
    const mayAskPages = configNow().server.cors.origins.length > 0 && controlPath(path) === undefined
    return mayAskPages ? ask(request, path) : answerOf(request, path)
  }

  return {
    handle: (request) => {
      const waiting = live.fresh()
      return waiting ? waiting.then(() => answer(request)) : answer(request)
    },
    knowsHost: world.knowsHost,
    config: configNow,
    limiterStatus: limits.status,
    patch: live.patchHere,
    async close() {
      try {
        await modes.close()
      } finally {
        await limits.close()
        await observer.close()
      }
    },
  }
}

/** What no setting by itself is wrong about: where an extension forwards, it may be all that does. */
function checkForward(config: Config, extensionForwards: boolean): void {
  const { mode, replay, forward } = config
  const forwards = mode === 'record' || (mode === 'replay' && replay.onMiss === 'forward')
  if (!forwards || extensionForwards || forward.endpoint !== undefined) return
  const allowed = 'the address of the service that requests are forwarded to, as https://name.openai.azure.com'
  const path = ['forward', 'endpoint']
  throw new ConfigError([{ path, setting: variableAt(path) ?? path.join('.'), message: mismatch('nothing', allowed) }])
}

/** Several doors of one operation have one name. */
const keysOf = (of: readonly AnyOperation[]) => [...new Set(of.map(({ path }) => keyOfPath(path)))]

/** What extensions may name of the operations that are built in. */
const keys = {
  limited: keysOf(operations),
  said: keysOf(operations.filter((operation) => 'isSaid' in operation)),
}
