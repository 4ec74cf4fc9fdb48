/** `aoai-sim calibrate`, on data drawn from distributions that are known. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logNormalOf } from '../../src/sim/base/log-normal.ts'
import { createSimulator, parseSettingsYaml } from '../../src/sim/index.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { draw } from '../../src/sim/timing/spread.ts'
import { runCommand } from '../support/command.ts'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'calibrate-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

function calibrate(content: string, ...more: string[]) {
  writeFileSync(join(cwd, 'data'), content)
  return runCommand(['calibrate', 'data', ...more], cwd)
}

const known = { p50: 400, p95: 800, p99: 3000 }
const random = seededRandom(5)
const distribution = { mean: 0, stdDev: 1, logNormal: logNormalOf(known) }
const samples = Array.from({ length: 5_000 }, () => draw(distribution, random))

/** In milliseconds, as printed. */
function printed(text: string, name: string): Record<string, number> {
  const found = new RegExp(`${name}: \\{ (.*) \\}`).exec(text)?.[1] ?? ''
  return Object.fromEntries(found.split(', ').map((part) => [part.slice(0, 3), parseFloat(part.slice(5))]))
}
const near = (found: number | undefined, wanted: number, share: number) =>
  expect(Math.abs((found ?? 0) / wanted - 1)).toBeLessThan(share)

describe('calibrating', () => {
  it.each([
    [
      'latency_checkpoint in answers',
      (ms: number) => JSON.stringify({ usage: { latency_checkpoint: { service_ttft_ms: ms, service_tbt_ms: 12 } } }),
    ],
    [
      'points of k6',
      (ms: number) => JSON.stringify({ type: 'Point', metric: 'http_req_waiting', data: { value: ms } }),
    ],
    ['JSON rows with TimeToFirstTokenMs', (ms: number) => JSON.stringify({ timestamp: 'x', TimeToFirstTokenMs: ms })],
  ])('finds the distribution again in %s', async (_, line) => {
    const { out: text, code } = await calibrate(samples.map(line).join('\n'))
    expect(code).toBe(0)
    const found = printed(text, 'timeToFirstToken')
    near(found['p50'], known.p50, 0.03)
    near(found['p95'], known.p95, 0.06)
    near(found['p99'], known.p99, 0.15)
    // Quantile by quantile.
    for (const [, fitted] of text.matchAll(/# +(?:5|25|50|75|90|95) % +\S+ +\S+ +(-?[\d.]+) %/g))
      expect(Math.abs(Number(fitted))).toBeLessThan(6)
    expect(Number(/difference of shares: ([\d.]+) %/.exec(text)?.[1])).toBeLessThan(3)
  })

  it('takes whole answers of a CSV with their tokens apart', async () => {
    const rows = samples.map((ms, at) => `"GET, x",${(ms + 9 * (10 + (at % 300))).toFixed(2)},${11 + (at % 300)}`)
    const { out: text } = await calibrate(['name,DurationMs,CompletionTokens', ...rows].join('\n'))
    near(printed(text, 'timeToFirstToken')['p50'], known.p50, 0.08)
    near(printed(text, 'interToken')['p50'], 9, 0.1)
  })

  it('reads percentiles of k6, locust and azure-openai-benchmark', async () => {
    const k6 = { metrics: { http_req_waiting: { med: 400, 'p(95)': 800, 'p(99)': 3000 } } }
    expect(printed((await calibrate(JSON.stringify(k6))).out, 'timeToFirstToken')).toEqual({
      p50: 400,
      p95: 800,
      p99: 3000,
    })
    const locust = 'Type,Name,50%,95%,99%\nPOST,/chat,1,2,3\n,Aggregated,400,800,3000'
    expect(printed((await calibrate(locust)).out, 'timeToFirstToken')).toEqual({ p50: 400, p95: 800, p99: 3000 })
    const window = { rpm: 5, ttft: { avg: 0.45, '95th': 0.8 }, tbt: { avg: 0.011, '95th': 0.013 } }
    const benchmark = await calibrate(`2026-11-29 INFO ${JSON.stringify(window)}`)
    near(printed(benchmark.out, 'timeToFirstToken')['p95'], 800, 0.001)
    near(printed(benchmark.out, 'timeToFirstToken')['p50'], 420, 0.05)
    near(printed(benchmark.out, 'interToken')['p50'], 11, 0.05)
  })

  it.each([
    ['semicolons', 'Name;TTFT_ms;Other', (ms: number) => `a;${ms.toFixed(1)};1`],
    ['tabs', 'Name\tTTFT_ms\tOther', (ms: number) => `a\t${ms.toFixed(1)}\t1`],
    ['one column alone', 'ttft_ms', (ms: number) => ms.toFixed(1)],
    [
      'the names of API Management',
      'timestamp [UTC],OperationId,BackendTime,TotalTime,ResponseCode',
      (ms: number) => `2026-11-01,"chat, x",${ms.toFixed(1)},${(ms + 9_000).toFixed(1)},200`,
    ],
  ])('reads tables with %s', async (_, head, line) => {
    const { out: text } = await calibrate([head, ...samples.map(line)].join('\n'))
    const found = printed(text, 'timeToFirstToken')
    near(found['p50'], known.p50, 0.03)
    near(found['p95'], known.p95, 0.06)
  })

  it('reads what Application Insights and Log Analytics export: tokens in a column of JSON, and tables', async () => {
    const tokens = (at: number) => 11 + (at % 300)
    const rows = samples.map((ms, at) => [ms + 9 * (tokens(at) - 1), tokens(at)] as const)
    const lines = rows.map(([ms, count]) => `x,${ms.toFixed(1)},"{""CompletionTokens"":""${count}"",""a"":1}"`)
    const columns = ['timestamp', 'DurationMs', 'CompletionTokens'].map((name) => ({ name, type: 'real' }))
    for (const content of [
      ['timestamp,duration,customDimensions', ...lines].join('\n'),
      JSON.stringify({ tables: [{ name: 'PrimaryResult', columns, rows: rows.map((row) => ['x', ...row]) }] }),
      JSON.stringify({
        value: rows.map(([DurationMs, CompletionTokens]) => ({ DurationMs, properties: { CompletionTokens } })),
      }),
    ]) {
      const { out: text } = await calibrate(content)
      near(printed(text, 'timeToFirstToken')['p50'], known.p50, 0.08)
      near(printed(text, 'interToken')['p50'], 9, 0.1)
    }
  })

  it("reads azure-openai-benchmark's lines for people, too", async () => {
    const line =
      'rpm: 60.0  processing: 4  tpm: 42000 ttft_avg: 0.45  ttft_95th: 0.8  tbt_avg: 0.011  tbt_95th: 0.013  e2e_avg: 5.1'
    const early = 'rpm: n/a   processing: 4  tpm: 0 ttft_avg: n/a   ttft_95th: n/a    tbt_avg: n/a    tbt_95th: n/a'
    const { out: text } = await calibrate(`2026-11-28 10:00:00 ${early}\n2026-11-28 10:00:01 ${line}\n`)
    near(printed(text, 'timeToFirstToken')['p95'], 800, 0.001)
    near(printed(text, 'interToken')['p95'], 13, 0.001)
  })

  it('leaves out what was refused', async () => {
    const good = samples.map((ms) => `${ms.toFixed(1)},200`)
    const bad = samples.slice(0, 2_000).map(() => '3,429')
    near(
      printed((await calibrate(['ttft_ms,ResponseCode', ...good, ...bad].join('\n'))).out, 'timeToFirstToken')['p50'],
      known.p50,
      0.03,
    )
    const point = (value: number, status: string) =>
      JSON.stringify({ type: 'Point', metric: 'http_req_waiting', data: { value, tags: { status } } })
    const points = [...samples.map((ms) => point(ms, '200')), ...samples.map(() => point(3, '429'))]
    near(printed((await calibrate(points.join('\n'))).out, 'timeToFirstToken')['p50'], known.p50, 0.03)
  })

  it('says that times which are all the same are fitted', async () => {
    const { out: text } = await calibrate(['ttft_ms', ...samples.map(() => '400')].join('\n'))
    expect(text).toContain('greatest difference of shares: 0.0 %')
  })

  it('prints settings that can be used, and draws both', async () => {
    const { out: text } = await calibrate(samples.map((ms) => JSON.stringify({ ttft_ms: ms, tbt_ms: 12 })).join('\n'))
    const yaml = parseSettingsYaml('sim.yaml', text)
    if (!('source' in yaml)) throw new Error(yaml.problem.message)
    await createSimulator({ sources: [{ name: 'test', input: { apiKey: 'k' } }, yaml.source] }).close()
    expect(existsSync(join(cwd, 'calibration.svg'))).toBe(true)
    expect(readFileSync(join(cwd, 'calibration.svg'), 'utf8')).toMatch(
      /^<svg [^]*timeToFirstToken[^]*<polyline[^]*<\/svg>/,
    )
  })

  it('says where there is too little, and fits nothing', async () => {
    const few = await calibrate(
      samples
        .slice(0, 12)
        .map((ms) => JSON.stringify({ ttft_ms: ms }))
        .join('\n'),
    )
    expect(few.code).toBe(1)
    expect(few.errors).toContain('too little data, 12 samples; at least 30 are needed')
    expect(few.out).toBe('')
    const some = await calibrate(
      samples
        .slice(0, 100)
        .map((ms) => JSON.stringify({ ttft_ms: ms }))
        .join('\n'),
    )
    expect(some.errors).toContain('too few for its tail')
    expect((await calibrate('nothing of it')).errors).toContain('has no times')
  })
})
