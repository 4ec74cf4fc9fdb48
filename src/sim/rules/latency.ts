/** How a rule changes the time that an answer takes. */
import { parseDuration } from '../config/duration.ts'
import type { Config } from '../config/config.ts'
import type { Then } from '../config/rules.ts'
import type { AnyCall } from '../operation.ts'
import { times } from '../timing/spread.ts'
import type { Frame, Latency, Plan, Spread } from '../types.ts'

type Wish = NonNullable<Then['latency']>

const spreadOf = (given: string | number | undefined): Spread | undefined =>
  given === undefined ? undefined : parseDuration(String(given))

/** A call whose answer, where it is generated, takes another time. */
export function slowed(call: AnyCall, wish: Wish, config: Config): AnyCall {
  const { deployment, match } = call
  const { operation } = match
  if (!deployment || operation.scope !== 'deployment') return call
  const usual = deployment.latency ?? config.latency[operation.latency]
  return { ...call, deployment: { ...deployment, latency: changed(usual, wish) } }
}

function changed({ firstMs, unitMs, profile }: Latency, { timeToFirstToken, interToken, factor = 1 }: Wish): Latency {
  if (profile) {
    const given = { firstMs: spreadOf(timeToFirstToken), unitMs: spreadOf(interToken) }
    return { unitMs, profile: { ...profile, ...given, factor: factor * (profile.factor ?? 1) } }
  }
  const first = spreadOf(timeToFirstToken) ?? firstMs
  return { firstMs: first && times(first, factor), unitMs: times(spreadOf(interToken) ?? unitMs, factor) }
}

/** The same of an answer that was recorded: the first piece, and the gaps between the others. */
export function withTimes(plan: Plan, { timeToFirstToken, interToken, factor = 1 }: Wish): Plan {
  const { body } = plan
  const firstMs = spreadOf(timeToFirstToken)?.mean
  const unitMs = spreadOf(interToken)?.mean
  if (body.kind === 'whole') return { ...plan, body: { ...body, atMs: (firstMs ?? body.atMs) * factor } }
  if (body.kind === 'live') return { ...plan, body: { ...body, atMs: firstMs ?? body.atMs } }
  return { ...plan, body: { ...body, frames: later(body.frames, { firstMs, unitMs, factor }) } }
}

type Times = { readonly firstMs: number | undefined; readonly unitMs: number | undefined; readonly factor: number }

function* later(frames: Iterable<Frame>, { firstMs, unitMs, factor }: Times): Generator<Frame> {
  let wasMs: number | undefined
  let atMs = 0
  for (const frame of frames) {
    atMs += (wasMs === undefined ? (firstMs ?? frame.atMs) : (unitMs ?? frame.atMs - wasMs)) * factor
    wasMs = frame.atMs
    yield { atMs, data: frame.data }
  }
}
