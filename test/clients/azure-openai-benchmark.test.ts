/**
 * Azure's own benchmark of provisioned throughput (Azure/azure-openai-benchmark), unmodified, from a checkout beside the project or
 * where AZURE_OPENAI_BENCHMARK says. AZURE_OPENAI_BENCHMARK_PYTHON is a Python with its requirements. Its tokens, which it loads
 * over the network, are handed to it.
 */
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { readBpeTable } from '../../src/sim/models/bpe-table.ts'
import type { Observation } from '../../src/sim/metrics/observation.ts'
import { testSimulator } from '../support/simulator.ts'

const checkout =
  process.env['AZURE_OPENAI_BENCHMARK'] ?? path.resolve(import.meta.dirname, '../../../azure-openai-benchmark')
const python = process.env['AZURE_OPENAI_BENCHMARK_PYTHON'] ?? 'python3'
const needs = 'import aiohttp, openai, tiktoken, numpy, backoff, wonderwords'
const missing = !existsSync(path.join(checkout, 'benchmark/bench.py'))
  ? 'there is no checkout of Azure/azure-openai-benchmark beside the project'
  : spawnSync(python, ['-c', needs]).status === 0
    ? undefined
    : `${python} has not what its requirements.txt names`
const title = "Azure's benchmark of provisioned throughput"

const folder = mkdtempSync(path.join(tmpdir(), 'aoai-benchmark-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The file that tiktoken would have fetched, under the name by which it looks for it. */
function keepTokens(): void {
  const { bytes, offsets } = readBpeTable('cl100k_base')
  const lines: string[] = []
  for (let id = 0; id + 1 < offsets.length; id++)
    lines.push(`${Buffer.from(bytes.subarray(offsets[id], offsets[id + 1])).toString('base64')} ${id}\n`)
  const address = 'https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken'
  writeFileSync(path.join(folder, createHash('sha1').update(address).digest('hex')), lines.join(''))
}

type Told = {
  readonly run_seconds: number
  readonly completed: number
  readonly failures: number
  readonly throttled: number
  readonly tpm: { readonly gen: number }
  readonly ttft: { readonly avg: number; readonly '95th': number }
  readonly util: { readonly avg: string; readonly '95th': string }
}

/** As numpy has it: between the two that are nearest. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

describe.skipIf(missing)(missing ? `${title} (skipped: ${missing})` : title, () => {
  it('prints the utilization that the simulator told, and what the journal has', { timeout: 110_000 }, async () => {
    keepTokens()
    const seen: Observation[] = []
    const simulator = testSimulator(
      {
        deployments: {
          ptu: {
            model: 'gpt-4o',
            sku: 'GlobalProvisionedManaged',
            capacity: 15,
            latency: { timeToFirstToken: '200ms', interToken: '4ms' },
          },
        },
      },
      { onObservation: (observation) => seen.push(observation) },
    )
    const { server } = simulator.config()
    const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server })
    try {
      const { stdout, stderr } = await promisify(execFile)(
        python,
        [
          ...['-m', 'benchmark.bench', 'load', '--deployment', 'ptu', '--api-version', '2024-10-21'],
          ...['--requests', '40', '--clients', '8', '--shape-profile', 'custom', '--context-tokens', '300'],
          ...['--max-tokens', '80', '--output-format', 'jsonl', `http://127.0.0.1:${host.port}`],
        ],
        {
          cwd: checkout,
          env: {
            PATH: process.env['PATH'],
            HOME: process.env['HOME'],
            OPENAI_API_KEY: 'test-key',
            TIKTOKEN_CACHE_DIR: folder,
            PYTHONDONTWRITEBYTECODE: '1',
          },
          timeout: 100_000,
        },
      )
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
      expect(lines.length, stderr).toBeGreaterThan(0)
      const told = JSON.parse(lines.at(-1) ?? '') as Told
      const of = (status: number) => seen.filter((each) => each.status === status)
      expect(of(200).length + of(429).length).toBe(40)
      expect(of(200).length).toBeGreaterThan(0)
      expect(of(429).length).toBeGreaterThan(0)
      expect([told.completed, told.failures, told.throttled]).toEqual([40, of(429).length, of(429).length])
      const used = seen.map(({ limits }) => limits?.utilization ?? NaN)
      const mean = used.reduce((sum, each) => sum + each, 0) / used.length
      expect(Math.abs(Number.parseFloat(told.util.avg) - mean)).toBeLessThanOrEqual(0.06)
      expect(Math.abs(Number.parseFloat(told.util['95th']) - percentile(used, 0.95))).toBeLessThanOrEqual(0.06)
      // It counts events: of the filter, the role, the end and `[DONE]` beside a token each.
      const events = of(200).reduce((sum, { usage }) => sum + (usage?.completionTokens ?? 0) + 4, 0)
      expect(Math.abs((told.tpm.gen * told.run_seconds) / 60 - events)).toBeLessThanOrEqual(1)
      expect(told.ttft.avg).toBeGreaterThanOrEqual(0.2)
      const journal = (await (await simulator.request('/++/requests?deployment=ptu&limit=100')).json()) as {
        requests: { status: number }[]
      }
      expect(journal.requests.map(({ status }) => status).toSorted()).toEqual(
        seen.map(({ status }) => status).toSorted(),
      )
    } finally {
      await host.stop()
    }
  })
})
