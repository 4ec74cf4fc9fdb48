/** `GET /++/capacity`: what the load of the journal would have needed, of PTU and of tokens per minute, by deployment. */
import { parseTarget } from '../http/target.ts'
import type { Kept } from '../metrics/journal-entry.ts'
import type { Journal } from '../metrics/journal.ts'
import { inputTokensOf, provisionedSkus, type Sized, sizedAs, type Tokens, unitsFor } from '../models/sizing.ts'
import type { Model, SimRequest, SimResponse, Sku } from '../types.ts'
import { step } from '../base/slices.ts'
import { json, type Sliced } from './answers.ts'
import { wantedBy } from './requests.ts'

const minuteMs = 60_000
const secondMs = 1_000

type Asked = Tokens & { readonly atMs: number }
type Sum = Tokens & { readonly requests: number }

/** Of each deployment, with the model that it had. */
export type CapacityNeed = { readonly deployment: string; readonly model: string } & ReturnType<typeof needOf>

export type CapacityReport = { readonly burstMs: number; readonly deployments: readonly CapacityNeed[] }

/** Throws an `ApiError` for a query that means nothing. */
export function tellCapacity(
  request: SimRequest,
  { journal, burstMs, sliced }: { readonly journal: Journal; readonly burstMs: number; readonly sliced: Sliced },
): SimResponse | Promise<SimResponse> {
  const { query } = parseTarget(request.url)
  const groups = new Map<string, { readonly deployment: string; readonly model: Model; readonly asked: Asked[] }>()
  for (const kept of journal.kept(wantedBy(query, ['deployment', 'since', 'until']))) {
    const { deployment, model } = kept
    const asked = askedBy(kept)
    if (deployment === undefined || !model || !asked) continue
    const key = `${deployment} ${model.servedName}`
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { deployment, model, asked: [] }))
    group.asked.push(asked)
  }
  // The journal has them as they ended, and they came in another order.
  for (const { asked } of groups.values()) asked.sort((one, other) => one.atMs - other.atMs)
  return sliced(() => {
    const deployments = [...groups.values()].map(({ deployment, model, asked }) =>
      step(() => ({ deployment, model: model.servedName, ...needOf(model, asked, burstMs) })),
    )
    return step(() => json(200, { burstMs, deployments } satisfies CapacityReport))
  })
}

/** What was refused is not known to have needed anything. */
const askedBy = ({ usage, receivedAtMs }: Kept): Asked | undefined =>
  usage && {
    atMs: receivedAtMs,
    prompt: usage.promptTokens,
    cached: usage.cachedTokens ?? 0,
    completion: usage.completionTokens,
  }

function needOf(model: Model, asked: readonly Asked[], burstMs: number) {
  const minutes = summed(asked, minuteMs)
  const total = addUp(asked)
  const maxOf = (size: (sum: Sum) => number) => Math.max(0, ...[...minutes.values()].map(size))
  return {
    requests: total.requests,
    tokens: tokensOf(total),
    peakMinute: peakOf(minutes),
    peakSecond: peakOf(summed(asked, secondMs)),
    standard: {
      tokensPerMinute: maxOf(({ prompt, completion }) => prompt + completion),
      requestsPerMinute: maxOf(({ requests }) => requests),
    },
    provisioned: provisionedSkus.flatMap((sku) => {
      const sized = sizedAs(model, sku)
      return sized ? [unitsOf(sku, sized, { asked, minutes, burstMs })] : []
    }),
  }
}

type Load = { readonly asked: readonly Asked[]; readonly minutes: ReadonlyMap<number, Sum>; readonly burstMs: number }

function unitsOf(sku: Sku, sized: Sized, { asked, minutes, burstMs }: Load) {
  const loads = [...minutes.values()].map((sum) => inputTokensOf(sum, sized))
  const peak = Math.max(0, ...loads)
  const mean = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length)
  const each = sized.inputTokensPerMinute
  const least = (max: number) => minUnits(sized, asked, burstMs, max)
  const spilling = unitsFor(mean, sized)
  return {
    sku,
    inputTokensPerMinutePerPtu: each,
    outputRatio: sized.outputRatio,
    cachedRatio: sized.cachedRatio,
    forPeakMinute: {
      ptu: unitsFor(peak, sized),
      arithmetic: `${round(peak)} input tokens in the peak minute / ${each} = ${(peak / each).toFixed(2)}, from ${sized.min} in steps of ${sized.step}`,
    },
    withoutRefusals: { ptu: least(0) },
    withOnePercentRefused: { ptu: least(0.01) },
    withSpillover: {
      ptu: spilling,
      spilledRequests: refusedBy(spilling, sized, asked, burstMs),
      arithmetic: `${round(mean)} input tokens in the mean of busy minutes / ${each} = ${(mean / each).toFixed(2)}`,
    },
  }
}

/** Each call goes through the level of utilization that so many units have, at the time at which it came. */
function refusedBy(units: number, sized: Sized, asked: readonly Asked[], burstMs: number): number {
  const perMs = (units * sized.inputTokensPerMinute) / minuteMs
  let level = 0
  let atMs = -Infinity
  let refused = 0
  for (const call of asked) {
    level = Math.max(0, level - (call.atMs - atMs) * perMs)
    atMs = call.atMs
    if (level >= perMs * burstMs) refused++
    else level += inputTokensOf(call, sized)
  }
  return refused
}

/** The least number of units that refuses no more than such a share. */
function minUnits(sized: Sized, asked: readonly Asked[], burstMs: number, maxShare: number): number {
  const fits = (steps: number) =>
    step(() => refusedBy(sized.min + steps * sized.step, sized, asked, burstMs) <= maxShare * asked.length)
  let high = 1
  if (fits(0)) return sized.min
  while (!fits(high) && high < 2 ** 40) high *= 2
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) high = middle
    else low = middle
  }
  return sized.min + high * sized.step
}

function summed(asked: readonly Asked[], lengthMs: number): ReadonlyMap<number, Sum> {
  const sums = new Map<number, Sum>()
  for (const call of asked) {
    const startMs = Math.floor(call.atMs / lengthMs) * lengthMs
    sums.set(startMs, add(sums.get(startMs) ?? none, call))
  }
  return sums
}

const none: Sum = { requests: 0, prompt: 0, cached: 0, completion: 0 }
const add = (sum: Sum, { prompt, cached, completion }: Tokens): Sum => ({
  requests: sum.requests + 1,
  prompt: sum.prompt + prompt,
  cached: sum.cached + cached,
  completion: sum.completion + completion,
})
const addUp = (asked: readonly Asked[]): Sum => asked.reduce(add, none)

function peakOf(sums: ReadonlyMap<number, Sum>) {
  let peak: readonly [number, Sum] | undefined
  for (const each of sums) if (!peak || sizeOf(each[1]) > sizeOf(peak[1])) peak = each
  return peak && { from: new Date(peak[0]).toISOString(), requests: peak[1].requests, tokens: tokensOf(peak[1]) }
}

const sizeOf = ({ prompt, completion }: Sum) => prompt + completion
const tokensOf = ({ prompt, cached, completion }: Sum) => ({ prompt, cached, completion })
const round = (value: number) => Math.round(value * 100) / 100
