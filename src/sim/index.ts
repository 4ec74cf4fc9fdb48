/** The door: all that a host, the command line and a test need of the app. */
import { type Control, controlPath, handleControl } from './admin/index.ts'
import { applyPatch, invalidConfigurationBody, toControlDocument } from './admin/config.ts'
import { controlJsonSchema } from './admin/control-schema.ts'
import { applySettings, settingsJsonSchema, toSettingsDocument } from './admin/settings.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config/config.ts'
import { ConfigError, mismatch } from './config/problem.ts'
import type { ConfigSource } from './config/read-source.ts'
import { resolveConfig } from './config/resolve.ts'
import { configJsonSchema } from './config/schema-parts.ts'
import { variableAt } from './config/variables.ts'
import { deploymentFinder } from './wiring/deployments.ts'
import { keyOfPath } from './base/operation-key.ts'
import { checkExtension } from './extensions/check.ts'
import { createHooks } from './extensions/hooks.ts'
import { createGate, openGate } from './http/auth.ts'
import { withHeaderBound } from './http/custom-headers.ts'
import { preflightAnswer, withCors } from './http/cors.ts'
import { createMissing } from './http/missing.ts'
import { createWithoutEffect } from './http/without-effect.ts'
import { families } from './families/index.ts'
import { createRouter } from './http/router.ts'
import { parseTarget } from './http/target.ts'
import { openLimiter } from './limits/limiter.ts'
import type { SharedCountsEvent } from './limits/shared-counts.ts'
import { liveConfig } from './wiring/live.ts'
import { type Log, silentLog } from './base/log.ts'
import { findModel, modelNames } from './models/catalogue.ts'
import { createObserver } from './metrics/observer.ts'
import { type LimiterStatus, openLimits, openModes, openState } from './wiring/connections.ts'
import { operations } from './operations/index.ts'
import { handle } from './pipeline.ts'
import { type Random, seededRandom } from './random.ts'
import type { Recordings } from './recordings/interaction.ts'
import { openRules } from './wiring/rules.ts'
import { createResource } from './wiring/resource.ts'
import type { Snapshot } from './snapshot.ts'
import type { Observation } from './metrics/observation.ts'
import type { SimRequest, SimResponse } from './types.ts'

export { systemClock } from './clock.ts'
export type { Config } from './config/config.ts'
export { describeSettings } from './config/describe.ts'
export { fromLegacyDeployments } from './config/legacy.ts'
export { ConfigError, masked, mismatch, type Problem, shown } from './config/problem.ts'
export { type ConfigSource, readSource, settingName } from './config/read-source.ts'
export { mergeReadings, type Resolved, resolveConfig, settingOf } from './config/resolve.ts'
export { filePaths } from './config/declared.ts'
export { noLatency } from './config/schema-parts.ts'
export { isTree, type Tree } from './config/tree.ts'
export { type Environment, fromEnvironment, isVariable, secretVariables } from './config/variables.ts'
export { parseSettingsYaml } from './config/yaml.ts'
export type { Log } from './base/log.ts'
export { findModel, modelNames } from './models/catalogue.ts'
export { blobStore } from './recordings/blob-store.ts'
export { createBlank } from './recordings/blank.ts'
export { convertRecordings } from './recordings/convert.ts'
export { copyRecordings } from './recordings/copy.ts'
export { fileStore } from './recordings/file-store.ts'
export { dropAnswer } from './http/send.ts'
export { fileOf, isDocument } from './recordings/name.ts'
export { exampleRecorded, type RecordedExample } from './recordings/example.ts'
export { documentProblems } from './recordings/read-document.ts'
export type { RecordingStore } from './recordings/store.ts'
export type { SimRequest, SimResponse, Sink, StreamBody } from './types.ts'

const models = { findModel, modelNames }

export type Simulator = {
  /** The life of one request. Never rejects, and neither does a body that it gives. */
  readonly handle: (request: SimRequest) => Promise<SimResponse>
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
  /** In place of those that the configuration names. */
  readonly recordings?: Recordings
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
  recordings,
  extension,
}: SimulatorOptions): Simulator {
  const hooks = extension && createHooks(checkExtension(extension.value, extension.place, keys), { clock, random })
  const check = (next: Config) => checkForward(next, hooks?.destinationFor !== undefined)
  let { config, settings } = resolveConfig(sources, models)
  check(config)
  const gate = createGate({ apiKey: config.apiKey, auth: config.auth, clock })
  const gateOf = ({ azure: { maxCustomHeaders: max } }: Config) =>
    max === undefined ? gate : withHeaderBound(gate, max, families)
  const router = createRouter([...operations, ...(hooks?.operations ?? [])], families)
  const modes = openModes({ clock, log, random }, { recordings, hooks })
  const observer = createObserver({ clock, log, config: () => config, told: onObservation })
  const onEvent = (event: SharedCountsEvent) => {
    if (event.kind === 'away') observer.limiterAway()
    onLimiterEvent?.(event)
  }
  const limits = openLimits({ clock, log, random, onEvent }, config.redis)
  const missing = createMissing(log, router)
  const rules = openRules(random)
  const withoutEffect = createWithoutEffect(log)

  const report = (error: unknown) => log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const resource = createResource({
    clock,
    random,
    config: () => config,
    handle: (request) => handle(request, { ...snapshot, gate: openGate }),
    handleAtOnce: (request) =>
      handle(request, {
        ...snapshot,
        gate: openGate,
        mode: modes.atOnce,
        limiter: openLimiter,
        hooks: undefined,
        rules: undefined,
        observe: () => undefined,
      }),
    findDeployment: (name, defaultModel) => snapshot.findDeployment(name, defaultModel),
    report,
  })
  const snapshotOf = (current: Config): Snapshot => {
    const findDeployment = deploymentFinder(current)
    return {
      config: current,
      clock,
      random,
      gate: gateOf(current),
      router,
      missing,
      withoutEffect,
      limiter: limits.limiter,
      mode: modes.of(current),
      generate: modes.generate,
      rules: rules.of(current),
      resource: resource.at(current, findDeployment),
      hooks,
      findDeployment,
      observe: observer.observe,
      report,
    }
  }
  let snapshot: Snapshot = snapshotOf(config)

  const store = openState(config, clock)
  const live = liveConfig({
    sources,
    models,
    check,
    install: (next) => {
      // What may still fail comes first: a change is taken whole or not at all.
      snapshot = snapshotOf(next.config)
      ;({ config, settings } = next)
    },
    store,
    refreshMs: config.state.refreshMs,
    clock,
    random,
    log,
  })
  const control: Control = {
    apiKey: () => config.apiKey,
    mode: () => config.mode,
    views: {
      config: {
        document: () => ({
          version: live.version(),
          ...toControlDocument(settings),
          sharing: {
            configuration: store?.label ?? null,
            refused: live.refused().map(({ setting, message }) => ({ path: setting, message })),
            limits: limits.status().counted,
            calls_counted_alone: limits.status().countedAlone,
          },
        }),
        apply: applyPatch,
        schema: controlJsonSchema,
      },
      settings: { document: () => toSettingsDocument(settings), apply: applySettings, schema: settingsJsonSchema },
    },
    rules: rules.control(live, () => resource.at(config, snapshot.findDeployment)),
    fileSchema: configJsonSchema,
    ...live,
    describe: invalidConfigurationBody,
    saveRecordings: () => modes.save(config),
    metrics: observer.metrics,
    journal: observer.journal,
    clock,
    isConfigError: (error: unknown): error is ConfigError => error instanceof ConfigError,
    report,
  }
  const ask = async (request: SimRequest) => {
    const { cors } = config.server
    return preflightAnswer(request, cors) ?? withCors(await handle(request, snapshot), request, cors)
  }
  const answer = (request: SimRequest, path: string | undefined) => {
    if (path !== undefined) return handleControl(request, path, control)
    return config.server.cors.origins.length === 0 ? handle(request, snapshot) : ask(request)
  }

  return {
    handle: (request) => {
      const path = controlPath(parseTarget(request.url).path)
      const waiting = live.fresh()
      return waiting ? waiting.then(() => answer(request, path)) : answer(request, path)
    },
    config: () => config,
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

/** What extensions may name of the operations that are built in. */
const keys = {
  limited: operations.map(({ path }) => keyOfPath(path)),
  said: operations.filter((operation) => 'isSaid' in operation).map(({ path }) => keyOfPath(path)),
}
