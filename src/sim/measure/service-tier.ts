/** The tier of processing that serves a call, and what makes its answer slower: the tier, or what its model did this month. */
import { Memo } from '../base/memo.ts'
import { unsupportedChoice } from '../errors.ts'
import { resourceUnavailable } from '../errors/limit.ts'
import { takesLongPriority, tiersOf } from '../models/abilities.ts'
import type { AnyCall } from '../operation.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Deployment, ServedTier, Sku, Usage } from '../types.ts'

type Served = {
  readonly tier?: ServedTier
  /** The answer takes so many times as long. */
  readonly factor?: number
  /** Told what the call has used. */
  readonly settle?: (usage: Usage) => void
}

/** Undefined where nothing is other than usual. Throws where the deployment does not have the tier, or no room for it. */
export function servedAs(call: AnyCall, { config: { serviceTiers } }: Snapshot): Served | undefined {
  const { deployment, body, match } = call
  if (!deployment || body === undefined || match.operation.scope !== 'deployment') return undefined
  const asked = match.operation.tier?.(body)
  const { monthlyTokens } = serviceTiers
  const limit = monthlyTokens[deployment.model.name]
  if (asked == null && deployment.serviceTier !== 'Priority' && limit === undefined) return undefined
  const tier = match.operation.tier && tierOf(asked, call, deployment, serviceTiers)
  const month = limit === undefined || deployment.throughput ? undefined : call.resource.shelf(months)
  const key = `${new Date(call.receivedAtMs).toISOString().slice(0, 7)} ${deployment.model.name}`
  const isAbove = month !== undefined && tier !== 'priority' && (month.get(key) ?? 0) >= (limit ?? 0)
  const factor = (tier === 'flex' ? serviceTiers.flexFactor : 1) * (isAbove ? serviceTiers.aboveMonthly : 1)
  return {
    ...(tier && { tier }),
    ...(factor !== 1 && { factor }),
    ...(month && {
      settle: ({ promptTokens, completionTokens }) =>
        month.set(key, (month.get(key) ?? 0) + promptTokens + completionTokens),
    }),
  }
}

const months = () => new Memo<string, number>(1_000)

type Settings = Snapshot['config']['serviceTiers']

function tierOf(
  asked: string | null | undefined,
  call: AnyCall,
  deployment: Deployment,
  settings: Settings,
): ServedTier {
  const { model, sku } = deployment
  if (asked === 'flex') {
    if (sku !== undefined && sku !== 'GlobalStandard') throw unsupportedChoice('service_tier', asked)
    if (settings.flexUnavailable > 0 && call.timing.fraction() < settings.flexUnavailable) throw resourceUnavailable()
    return 'flex'
  }
  const wanted = asked == null || asked === 'auto' ? deployment.serviceTier?.toLowerCase() : asked
  if (wanted !== 'priority' || deployment.throughput) return 'default'
  if (!hasPriority(sku)) throw unsupportedChoice('service_tier', wanted)
  const { promptTokens } = call.cost
  if (!tiersOf(model).includes('priority')) return 'default'
  if (promptTokens > longPromptTokens && !takesLongPriority(model)) return 'default'
  if (settings.rampLimit === 'off') return 'priority'
  const ramp = call.resource.shelf(ramps)
  return ramp.passes(deployment.name, promptTokens, call.receivedAtMs, settings.rampFrom) ? 'priority' : 'default'
}

/** Of a deployment whose type nobody said it is not known; it may. */
const hasPriority = (sku: Sku | undefined) =>
  sku === undefined || sku === 'GlobalStandard' || sku === 'DataZoneStandard'

const longPromptTokens = 128_000

type Ramp = { minute: number; readonly tokens: number[] }

const rampMinutes = 15
const minuteMs = 60_000

/** Tokens of priority in each of the last minutes, by deployment: this process's own. */
class Ramps {
  private readonly byName = new Memo<string, Ramp>(1_000)

  /** Whether a call fits into what may grow; it is counted where it does. */
  passes(name: string, tokens: number, atMs: number, from: number): boolean {
    const minute = Math.floor(atMs / minuteMs)
    const ramp = this.byName.get(name) ?? { minute, tokens: new Array<number>(rampMinutes + 1).fill(0) }
    this.byName.set(name, ramp)
    // The last is the minute that goes on.
    for (let gone = Math.min(minute - ramp.minute, rampMinutes + 1); gone > 0; gone--) {
      ramp.tokens.shift()
      ramp.tokens.push(0)
    }
    ramp.minute = Math.max(ramp.minute, minute)
    const now = ramp.tokens[rampMinutes] ?? 0
    const before = ramp.tokens.slice(0, rampMinutes).reduce((sum, each) => sum + each, 0) / rampMinutes
    if (now + tokens > Math.max(from, before * maxGrowth)) return false
    ramp.tokens[rampMinutes] = now + tokens
    return true
  }
}

const maxGrowth = 1.5
const ramps = () => new Ramps()
