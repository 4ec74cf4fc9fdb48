/** One simulated resource, opened: its settings, its snapshot, what it keeps and its control API. */
import { step } from '../base/slices.ts'
import { limitsOfDeployments, quotaLeft } from './quota-left.ts'
import { listSettings } from '../config/describe.ts'
import { knownDeployments } from './known-deployments.ts'
import { Sightings } from '../verdict/sightings.ts'
import type { Control } from '../admin/index.ts'
import type { PageSignIn } from '../admin/sign-in.ts'
import { applyPatch, invalidConfigurationBody, toControlDocument } from '../admin/config.ts'
import { controlJsonSchema } from '../admin/control-schema.ts'
import { applySettings, settingsJsonSchema, toSettingsDocument } from '../admin/settings.ts'
import type { ModelLookup } from '../config/check-deployments.ts'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/problem.ts'
import type { ConfigSource } from '../config/read-source.ts'
import { resolveConfig, type Resolved } from '../config/resolve.ts'
import { configJsonSchema } from '../config/schema-parts.ts'
import { deploymentFinder } from './deployments.ts'
import { derivedLimits, withoutDerived } from './derived-limits.ts'
import { createGate, openGate } from '../http/auth.ts'
import { withHeaderBound } from '../http/custom-headers.ts'
import { families } from '../families/index.ts'
import { openLimiter } from '../limits/limiter.ts'
import type { Keys } from '../http/keys.ts'
import { liveConfig } from './live.ts'
import { type Log } from '../base/log.ts'
import { type Observer } from '../metrics/observer.ts'
import { type OpenLimits, type OpenModes } from './connections.ts'
import { type OpenResource } from './world.ts'
import { handle } from '../pipeline.ts'
import { createKeeping } from '../state/keeping.ts'
import type { KeptPlace } from '../state/kept-place.ts'
import { lookingUp } from '../state/looking-up.ts'
import type { StateStore } from '../state/store.ts'
import { openRules } from './rules.ts'
import { RuleFiles } from './rule-files.ts'
import { namesForRules } from '../config/rule-names.ts'
import { readTimeline } from '../config/timeline.ts'
import { Phases, withPhasesOf } from './phases.ts'
import { Timeline } from './timeline.ts'
import type { ResourceUse } from './use.ts'
import { createResource } from './resource.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Observation } from '../metrics/observation.ts'
import { modelSpellings } from '../models/catalogue.ts'

/** What all resources of a process have in common. */
type Common = 'clock' | 'flight' | 'random' | 'hooks' | 'router' | 'missing' | 'withoutEffect' | 'tellOnce' | 'report'
type Shared = Pick<Snapshot, Common> & {
  readonly models: ModelLookup
  readonly log: Log
  readonly modes: OpenModes
  readonly limits: OpenLimits
  readonly observer: Observer
  readonly signIn: PageSignIn
  readonly check: (config: Config) => void
}

type Given = {
  readonly name: string
  readonly keys: Keys
  readonly sources: readonly ConfigSource[]
  readonly resolved: Resolved
  readonly store: StateStore | undefined
  /** Where what is kept survives. */
  readonly place: ((resource: string) => KeptPlace) | undefined
  readonly use: ResourceUse | undefined
  /** The timeline of the process, whose phases may name this resource. */
  readonly above: Timeline | undefined
  /** Called when its settings were changed. */
  readonly installed: () => void
}

/** One simulated resource, whole by itself. */
export function openResource(shared: Shared, given: Given): OpenResource {
  const { clock, random, log, flight, hooks, router, modes, limits, observer, check } = shared
  const { missing, withoutEffect, tellOnce, report } = shared
  const models = withPhasesOf(given.above, shared.models)
  const { name, keys, store, installed, use } = given
  // What a session leaves behind goes with it.
  const place = use ? undefined : given.place?.(name)
  const keeping = place && createKeeping({ place, clock, log })
  let { config, settings, origin } = given.resolved
  const ownPlan = readTimeline(settings.timeline)
  const timeline = ownPlan && new Timeline(ownPlan, clock)
  const phases = timeline || given.above ? new Phases({ name, own: timeline, above: given.above }) : undefined
  let sources = given.sources
  const gate = createGate({ keys, auth: config.auth, clock })
  const gateOf = ({ azure: { maxCustomHeaders: max } }: Config) =>
    max === undefined ? gate : withHeaderBound(gate, max, families)
  const told = observer.of(name, () => config)
  const { journal, bodies, history } = told
  const sightings = new Sightings(() => config.verdict.size)
  const observe = use
    ? (observation: Observation) => {
        use.ended(observation)
        told.observe(observation)
      }
    : told.observe
  const limiter = limits.of(name)
  // A session comes and goes: its quota is nobody's but its test's.
  if (!use)
    observer.tellQuota(
      name,
      quotaLeft({ config: () => config, find: (...of) => snapshot.findDeployment(...of), limiter, clock }),
    )
  const { rulesFrom } = config
  const files =
    rulesFrom.length === 0
      ? undefined
      : new RuleFiles({
          patterns: rulesFrom,
          names: namesForRules(settings, models),
          clock,
          log,
        })
  const rules = openRules(random, { shared: limits.counts, resource: name, files })

  const resource = createResource({
    clock,
    random,
    config: () => config,
    handle: (request) => {
      use?.started()
      return handle(request, { ...snapshot, gate: openGate })
    },
    handleAtOnce: (request) =>
      handle(request, {
        ...snapshot,
        gate: openGate,
        mode: modes.atOnce,
        limiter: openLimiter,
        hooks: undefined,
        rules: undefined,
        bodies: undefined,
        sightings: undefined,
        arrived: () => undefined,
        observe: () => undefined,
      }),
    findDeployment: (name, defaultModel) => snapshot.findDeployment(name, defaultModel),
    report,
    spoke: told.spoke,
    keeping,
  })
  const lookUp = keeping && lookingUp(keeping, resource)
  const snapshotOf = (current: Config): Snapshot => {
    const findDeployment = deploymentFinder(current)
    return {
      config: current,
      clock,
      random,
      gate: gateOf(current),
      router,
      flight,
      missing,
      withoutEffect,
      tellOnce,
      limiter,
      mode: modes.of(current),
      generate: modes.generate,
      rules: rules.of(current),
      phases: phases?.names() ?? [],
      bodies: current.journal.bodies === 'on' ? bodies : undefined,
      sightings: current.verdict.enabled ? sightings : undefined,
      resource: resource.at(current, findDeployment),
      lookUp,
      hooks,
      findDeployment,
      arrived: observer.live.arrived,
      observe,
      report,
    }
  }
  let snapshot: Snapshot = snapshotOf(config)

  const live = liveConfig({
    sources: given.sources,
    models,
    check,
    ahead: (next) => rules.ahead(next),
    install: (next) => {
      // What may still fail comes first: a change is taken whole or not at all.
      const inForce = phases ? phases.over(next.sources, next.config, models) : next.config
      snapshot = snapshotOf(inForce)
      ;({ settings, sources, origin } = next)
      config = inForce
      installed()
    },
    store,
    refreshMs: config.state.refreshMs,
    clock,
    random,
    log,
  })
  const look = () => {
    if (rules.hasMoved()) snapshot = snapshotOf(config)
  }
  const control: Control = {
    opens: (key) => keys.has(key),
    timeline,
    phases: [given.above, timeline].flatMap((each) => each?.plan.phases.map(({ name }) => name) ?? []),
    change: (part) => live.patch(part, undefined, applySettings),
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
      settings: {
        document: () => {
          const derived = step(() => derivedLimits(config))
          return toSettingsDocument(settings, derived)
        },
        apply: (sources, part, models) => {
          const told = step(() => withoutDerived(part, derivedLimits(config)))
          return applySettings(sources, told, models)
        },
        schema: () => settingsJsonSchema(modelSpellings()),
      },
    },
    rules: rules.control({ ...live, look }, () => resource.at(config, snapshot.findDeployment)),
    fileSchema: () => configJsonSchema(modelSpellings()),
    ...live,
    describe: invalidConfigurationBody,
    desk: () => modes.desk(config),
    saveRecordings: () => modes.save(config),
    metrics: observer.metrics,
    journal,
    bodies,
    sightings,
    history,
    listedSettings: () => listSettings({ settings, origin }, derivedLimits(config)),
    limitsOf: (names) => limitsOfDeployments(names, config, snapshot.findDeployment),
    resourceName: name,
    deployments: () => knownDeployments(config, sightings, snapshot.findDeployment),
    current: () => config,
    region: () => config.azure.region,
    live: observer.live,
    signIn: shared.signIn,
    burstMs: () => config.provisioned.burstMs,
    clock,
    isConfigError: (error: unknown): error is ConfigError => error instanceof ConfigError,
    report,
  }
  return {
    name,
    keys,
    control,
    config: () => config,
    sources: () => sources,
    live,
    timeline,
    handle: (request) => {
      if (phases?.hasMoved()) {
        config = phases.over(sources, resolveConfig(sources, models).config, models)
        snapshot = snapshotOf(config)
      } else look()
      use?.started()
      return handle(request, snapshot)
    },
  }
}
