/** All that one request needs, taken once when it arrives: a change of configuration is for the requests after it. */
import type { Flight } from './base/flight.ts'
import type { TellOnce } from './base/tell-once.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config/config.ts'
import type { ExtensionHooks } from './extensions/hooks.ts'
import type { Gate } from './http/auth.ts'
import type { Missing } from './http/missing.ts'
import type { WithoutEffect } from './http/without-effect.ts'
import type { Router } from './http/router.ts'
import type { Limiter } from './limits/limiter.ts'
import type { Bodies } from './metrics/bodies.ts'
import type { Mode } from './modes/mode.ts'
import type { Random } from './random.ts'
import type { Observation } from './metrics/observation.ts'
import type { AnyOperation, FindDeployment, Resource } from './operation.ts'
import type { Wire } from './types.ts'
import type { Sightings } from './verdict/sightings.ts'
import type { RuleSet } from './rules/rule-set.ts'

export type Snapshot = {
  readonly config: Config
  readonly flight: Flight
  readonly clock: Clock
  readonly random: Random
  /** Who may come in. */
  readonly gate: Gate
  readonly router: Router
  readonly limiter: Limiter
  readonly mode: Mode
  /** Answers by itself, whatever the mode. */
  readonly generate: Mode
  /** What happens to which requests; absent where there is no rule. */
  readonly rules: RuleSet | undefined
  readonly resource: Resource
  /** Brings here what a request names of what is kept elsewhere, too; absent where nothing is. */
  readonly lookUp: LookUp | undefined
  /** Of timelines, that hold. */
  readonly phases: readonly string[]
  /** Keeps what is asked and answered; absent where nobody wants that. */
  readonly bodies: Bodies | undefined
  /** Keeps what the verdict is made of; absent where nobody wants one. */
  readonly sightings: Sightings | undefined
  /** Absent where there is no extension. */
  readonly hooks: ExtensionHooks | undefined
  /** The deployment of that name; where nobody configured it and that is allowed, one made for it. */
  readonly findDeployment: FindDeployment
  /** Told of paths that name no operation. */
  readonly missing: Missing
  /** Told of bodies that may ask for what changes nothing. */
  readonly withoutEffect: WithoutEffect
  /** Told of each request as it arrives. */
  readonly arrived: () => void
  /** Tells the operator, once for each text. */
  readonly tellOnce: TellOnce
  readonly observe: (observation: Observation) => void
  /** Told of the simulator's own mistakes. */
  readonly report: (error: unknown) => void
}

type LookUp = (
  operation: AnyOperation,
  wire: Wire,
  params: Readonly<Record<string, string>>,
) => Promise<void> | undefined
