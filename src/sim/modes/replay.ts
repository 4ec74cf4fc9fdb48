/** Answers that were kept, at the pace at which they came. */
import { Memo } from '../base/memo.ts'
import type { Config } from '../config/config.ts'
import { parseJsonObject } from '../http/body.ts'
import { withOrigin } from '../http/links.ts'
import type { Interaction, Recordings } from '../recordings/interaction.ts'
import { keyMaker } from '../recordings/key.ts'
import { fieldOf } from '../recordings/recorded-usage.ts'
import type { AnyCall } from '../operation.ts'
import { liveStatus } from '../recordings/frames.ts'
import { sessionPlan } from '../live/session.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../base/log.ts'
import type { Origin } from '../base/origin.ts'
import type { Cost, Plan } from '../types.ts'
import { soughtOf } from './kept-form.ts'
import { recordingNotFound, recordingsUnavailable } from './miss.ts'
import type { Mode } from './mode.ts'
import { replayedSession } from './live-replay.ts'
import { planOf } from './recorded-plan.ts'
import type { Relay } from './relay.ts'

export type ReplayOptions = {
  readonly recordings: Recordings
  /** Resolves when all that was recorded by this process can be found; absent where nothing is under way. */
  readonly settled: () => Promise<void> | undefined
  /** Asks the service, and keeps nothing. */
  readonly relay: Relay
  readonly clock: Clock
  readonly log: Log
  /** Answers what was not recorded, where the configuration wants that. */
  readonly generate: Mode
}

/** A process has one: it knows which of several answers to a request comes next. */
export function createReplay({ recordings, settled, relay, generate, clock, log }: ReplayOptions): Mode {
  const turns = new Turns()
  const livePlan = (call: AnyCall, { replay: { speed } }: Config, interaction: Interaction): Plan => {
    const { body } = interaction.response
    const name = recordings.nameOf(interaction)
    const session = replayedSession(body.kind === 'events' ? body.events : [], { clock, log, speed, name })
    const origin: Origin = { kind: 'replayed', recording: () => name }
    return { ...sessionPlan(call, session), origin }
  }
  return {
    async lookUp(call, config) {
      await settled()
      const recorded = await recordings.find(soughtOf(call.wire)).catch(unavailable)
      const [first] = recorded
      if (first) return { ...call, recorded, cost: costOf(call, first, config) }
      return config.replay.onMiss === 'generate' ? undefined : call
    },
    async plan(call, config) {
      // What the simulator is the judge of never looked for a recording.
      if (config.replay.onMiss === 'generate' && !call.recorded) return generate.plan(call, config)
      const interaction = turns.next(call, config, recordings.nameOf)
      if (interaction) {
        if (interaction.response.status === liveStatus) return livePlan(call, config, interaction)
        const plan = planOf(interaction, config.replay.speed)
        const { headers = {} } = plan
        const origin: Origin = { kind: 'replayed', recording: () => recordings.nameOf(interaction) }
        return { ...plan, origin, headers: withOrigin(headers, call.wire) }
      }
      if (config.replay.onMiss === 'forward') return relay(call, config)
      throw recordingNotFound(call.wire, await recordings.miss(soughtOf(call.wire)).catch(unavailable))
    },
  }
}

function unavailable(error: unknown): never {
  throw recordingsUnavailable(error)
}

/** What the call costs is what its recording says that it used. */
function costOf({ cost, wire }: AnyCall, { usage }: Interaction, { limits }: Config): Cost {
  const promptTokens = usage?.promptTokens ?? 0
  const known = { ...cost, promptTokens, promptCharacters: promptTokens * charactersPerToken }
  // Only what is charged in advance depends on what the request allows.
  if (limits.charge === 'actual') return known
  const body = parseJsonObject(wire.bytes)
  const numberOf = (name: string) => {
    const value = fieldOf(body, name)
    return typeof value === 'number' && value > 0 ? value : undefined
  }
  return {
    ...known,
    maxTokens: numberOf('max_completion_tokens') ?? numberOf('max_tokens'),
    choices: Math.max(numberOf('n') ?? 1, numberOf('best_of') ?? 1),
  }
}

/** As the charge by characters has it: see `limits/charge.ts`. */
const charactersPerToken = 4

/** Requests of which it is remembered how often they were answered; those that nobody asked for the longest are forgotten first. */
const maxTurns = 200_000

class Turns {
  readonly #taken = new Memo<string, number>(maxTurns)

  /** The recorded answers in order, then the last again and again. */
  next({ recorded = [], wire }: AnyCall, { recording }: Config, nameOf: Recordings['nameOf']): Interaction | undefined {
    const [first] = recorded
    if (first === undefined || recorded.length === 1) return first
    const key = nameOf(first) ?? keyMaker(recording.match.ignore)(soughtOf(wire))
    const taken = this.#taken.get(key) ?? 0
    this.#taken.set(key, taken + 1)
    return recorded[Math.min(taken, recorded.length - 1)]
  }
}
