/**
 * Draws the pictures of docs/latency.md and docs/capacity.md from the code that they are about.
 *
 *   node scripts/make-plots.ts
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Axis, type PlotSeries, logTicks, type Point, shareAxis, svgOf } from '../src/cli/calibrate/chart.ts'
import { createLimiter } from '../src/sim/limits/limiter.ts'
import { findModel } from '../src/sim/models/catalogue.ts'
import { seededRandom } from '../src/sim/random.ts'
import { inBursts } from '../src/sim/timing/bursts.ts'
import { measured2026 } from '../src/sim/timing/measured-2026.ts'
import { drawTimes } from '../src/sim/timing/profile.ts'
import { schedule } from '../src/sim/timing/schedule.ts'
import type { Deployment, Frame, StreamEvent } from '../src/sim/types.ts'

const profile = { name: 'measured-2026' } as const
const unloaded = { gateway: 1, interToken: 1, queuedMs: 0 }
const asked = { promptTokens: 10, cachedTokens: 0, isSteady: false, factor: 1, load: unloaded }

const seconds = (max: number, step: number): Axis => ({
  min: 0,
  max,
  ticks: Array.from({ length: Math.floor(max / step) + 1 }, (_, at) => at * step),
  told: (value) => `${value} s`,
})

function firstTokens(): string {
  const draws = 20_000
  const x: Axis = { min: 200, max: 8_000, isLog: true, ticks: logTicks(200, 8_000), told: (ms) => `${ms} ms` }
  const shares = [...Array.from({ length: 99 }, (_, at) => (at + 1) / 100), 0.993, 0.996, 0.999]
  const curve = (name: string, modelName: string, isSteady = false): PlotSeries => {
    const random = seededRandom(11)
    const times = Array.from(
      { length: draws },
      () => drawTimes(profile, { ...asked, modelName, isSteady }, random).latency.firstMs?.mean ?? 0,
    ).sort((a, b) => a - b)
    return { name, points: shares.map((share) => [times[Math.floor(share * draws)] ?? 0, share]) }
  }
  const models = ['gpt-4o-mini', 'gpt-4.1-mini', 'gpt-4.1']
  const measured: PlotSeries = {
    name: 'measured: p50, p95, p99',
    as: 'dots',
    points: models.flatMap((name): Point[] => {
      const { p50 = 0, p95 = 0, p99 = 0 } = measured2026[name]?.firstTokenMs ?? {}
      return [
        [p50, 0.5],
        [p95, 0.95],
        [p99, 0.99],
      ]
    }),
  }
  const drawn = [...models.map((name) => curve(name, name)), curve('PTU, priority', 'gpt-5.2', true), measured]
  return svgOf('First tokens of the profile measured-2026', [
    { title: 'Share of first tokens that are there, of 20,000 drawn for a short prompt', x, y: shareAxis, drawn },
  ])
}

function bursts(): string {
  const tokens = 643
  const random = seededRandom(3)
  const { latency } = drawTimes(profile, { ...asked, modelName: 'gpt-4.1-mini' }, random)
  const events = (): StreamEvent[] => Array.from({ length: tokens }, () => ({ tokens: 1, data: '' }))
  const pointsOf = (frames: Iterable<Frame>): Point[] => {
    let seen = 0
    const points: Point[] = [[0, 0]]
    for (const { atMs } of frames) points.push([atMs / 1_000, ++seen])
    return points
  }
  const about = { tokens, hiddenTokens: 0, latency, factor: 1 }
  const y: Axis = { min: 0, max: 650, ticks: [0, 130, 260, 390, 520, 650], told: String }
  return svgOf('A stream in bursts and token by token', [
    {
      title: 'Tokens of a stream that have arrived, of gpt-4.1-mini',
      x: seconds(11, 1),
      y,
      drawn: [
        { name: 'buffered, the default filter', as: 'steps', points: pointsOf(inBursts(events(), about, random)) },
        { name: 'smooth, without it or asynchronous', points: pointsOf(schedule(events(), latency, random)) },
      ],
    },
  ])
}

function underLoad(): string {
  const steps = Array.from({ length: 101 }, (_, at) => at / 100)
  const y: Axis = { min: 1, max: 3, ticks: [1, 1.5, 2, 2.5, 3], told: (value) => `× ${value}` }
  const x: Axis = { ...shareAxis, told: (share) => `${Math.round(share * 100)} %` }
  return svgOf('How much slower a deployment is as it is used', [
    {
      title: 'How many times as long, by how much is in use (the usual growth, a guess)',
      x,
      y,
      drawn: [
        { name: 'time to the first token', points: steps.map((share) => [share, 1 + 2 * share ** 2]) },
        { name: 'time between tokens', points: steps.map((share) => [share, 1 + 0.5 * share]) },
      ],
    },
  ])
}

/** 50 PTU of gpt-4o, asked for three times what they do from the twentieth second to the fortieth, and half of it else. */
function utilization(): string {
  const random = seededRandom(7)
  let nowMs = 1_800_000_000_000
  const startMs = nowMs
  const clock = { now: () => nowMs, timer: () => ({ set: () => undefined, cancel: () => true }) }
  const limiter = createLimiter({ clock })
  const model = findModel('gpt-4o')
  if (!model) throw new Error('The catalogue has no gpt-4o')
  const inputTokensPerMinute = 50 * 2_500
  const deployment: Deployment = {
    ...{ name: 'ptu', model, tokensPerMinute: undefined, requestsPerMinute: undefined },
    ...{ dimensions: undefined, latency: undefined, sku: 'GlobalProvisionedManaged' },
    throughput: {
      ...{ inputTokensPerMinute, outputRatio: 4, cachedRatio: 0, maxPromptTokens: undefined },
      ...{ burstMs: 5_000, estimatedOutputTokens: 1_000 },
    },
  }
  const settings = { algorithm: 'leaky', charge: 'actual' } as const
  const levels: Point[] = []
  const refused: Point[] = []
  while (nowMs < startMs + 60_000) {
    const second = (nowMs - startMs) / 1_000
    const load = second >= 20 && second < 40 ? 3 : 0.5
    const cost = { promptTokens: 200, promptCharacters: 800, maxTokens: 60, choices: 1, countsTokens: true }
    const call = { deployment, cost, atMs: nowMs, settings }
    const answer = limiter.admit(call)
    if (answer.ok) answer.settle({ promptTokens: 200, completionTokens: 20 + random.below(41) })
    const used = limiter.utilization(call) / 100
    levels.push([second, used])
    if (!answer.ok) refused.push([second, used])
    const each = (200 + 4 * 40) / (load * (inputTokensPerMinute / 60_000))
    nowMs += Math.max(1, Math.round(-Math.log(1 - random.fraction()) * each))
  }
  const y: Axis = { min: 0, max: 1.2, ticks: [0, 0.25, 0.5, 0.75, 1], told: shareAxis.told }
  return svgOf('Utilization of provisioned throughput', [
    {
      title: 'Utilization of 50 PTU; from 20 s to 40 s they are asked for three times what they do',
      x: seconds(60, 10),
      y,
      drawn: [
        { name: 'utilization', points: levels },
        { name: '429', as: 'dots', points: refused.filter((_, at) => at % 4 === 0).map(([x]) => [x, 1.15]) },
      ],
    },
  ])
}

/** By the name of the file in docs/images. */
export const plots = (): Readonly<Record<string, string>> => ({
  'first-tokens.svg': firstTokens(),
  'bursts.svg': bursts(),
  'under-load.svg': underLoad(),
  'utilization.svg': utilization(),
})

if (import.meta.main)
  for (const [name, svg] of Object.entries(plots()))
    writeFileSync(path.join(import.meta.dirname, '../docs/images', name), svg)
