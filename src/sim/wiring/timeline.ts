/** Where a timeline is: its phases go by the clock from its start on, and nobody has to wake it for that. */
import type { Clock } from '../clock.ts'
import { settingsAt } from '../config/ramps.ts'
import type { Phase, TimelinePlan } from '../config/timeline.ts'
import type { Tree } from '../config/tree.ts'

export type TimelineState = 'waiting' | 'running' | 'over' | 'stopped'

export type TimelineMoment = {
  readonly state: TimelineState
  /** Where a phase holds. */
  readonly index?: number
  readonly phase?: Phase
  readonly elapsedMs?: number
  /** Differs wherever other settings hold than before. */
  readonly stamp: string
  readonly progress: number
}

/** A ramp moves in so many steps, as each is a configuration of its own. */
const steps = 100

export class Timeline {
  readonly plan: TimelinePlan
  readonly #clock: Pick<Clock, 'now'>
  readonly #totalMs: number
  #startedAtMs: number | undefined
  #skippedMs = 0
  #isStopped = false

  constructor(plan: TimelinePlan, clock: Pick<Clock, 'now'>) {
    this.plan = plan
    this.#clock = clock
    this.#totalMs = plan.phases.reduce((sum, { forMs }) => sum + forMs, 0)
    if (plan.start === 'start') this.start()
  }

  /** A request came. */
  asked(): void {
    if (this.#startedAtMs === undefined && !this.#isStopped && this.plan.start === 'firstRequest') this.start()
  }

  /** From its beginning on, wherever it was. */
  start(): void {
    this.#startedAtMs = this.#clock.now()
    this.#skippedMs = 0
    this.#isStopped = false
  }

  /** No phase holds any more. */
  stop(): void {
    this.#isStopped = true
    this.#startedAtMs = undefined
  }

  /** To the beginning of the next phase; the last one is over then. False where no phase holds. */
  skip(): boolean {
    const { phase, elapsedMs } = this.position()
    if (!phase || elapsedMs === undefined) return false
    if (phase.forMs === Infinity) this.stop()
    else this.#skippedMs += phase.forMs - elapsedMs
    return true
  }

  position(): TimelineMoment {
    if (this.#isStopped) return { state: 'stopped', stamp: 'none', progress: 0 }
    if (this.#startedAtMs === undefined) return { state: 'waiting', stamp: 'none', progress: 0 }
    const passedMs = this.#clock.now() - this.#startedAtMs + this.#skippedMs
    let leftMs = this.plan.repeat ? passedMs % this.#totalMs : passedMs
    for (const [index, phase] of this.plan.phases.entries()) {
      if (leftMs < phase.forMs) {
        const step = phase.ramps.length === 0 ? 0 : Math.floor((leftMs / phase.forMs) * steps)
        return { state: 'running', index, phase, elapsedMs: leftMs, stamp: `${index} ${step}`, progress: step / steps }
      }
      leftMs -= phase.forMs
    }
    return { state: 'over', stamp: 'none', progress: 0 }
  }

  /** What holds for the resource whose timeline it is, or for another one that its phases name. */
  settings({ phase, progress }: TimelineMoment, resource?: string): Tree | undefined {
    const settings = phase && (resource === undefined ? phase.settings : phase.resources[resource.toLowerCase()])
    return settings && Object.keys(settings).length > 0 ? settingsAt(settings, progress) : undefined
  }
}
