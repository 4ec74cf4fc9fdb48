/**
 * `npm run bench:start`: how long a fresh process takes from loading the app to its first answer, as the package that is
 * sent to Azure and as it is built for `func start`, with packages in `node_modules`. It reports and never fails.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { packageApp } from '../scripts/package.mjs'
import { startAzurite } from '../test/support/azurite.ts'
import { startBackend } from '../test/support/backend.ts'
import { quickSettings } from '../test/support/functions-app.ts'
import type { Start } from './cold-start-once.ts'
import { median, print } from './report.ts'

const starts = 11
const run = promisify(execFile)
const root = path.dirname(import.meta.dirname)
const folder = mkdtempSync(path.join(tmpdir(), 'cold-start-'))
const azurite = await startAzurite()
const backend = await startBackend()

type Settings = Readonly<Record<string, string>>

const quick = quickSettings('key-of-the-bench')
const recording = {
  ...quick,
  SIMULATOR_MODE: 'record',
  AZURE_OPENAI_ENDPOINT: backend.url,
  AZURE_OPENAI_KEY: 'key-of-the-service',
  RECORDING_CONNECTION_STRING: azurite.connectionString,
}
const replaying = { ...recording, SIMULATOR_MODE: 'replay' }

async function startOnce(file: string, settings: Settings): Promise<Start> {
  const once = path.join(import.meta.dirname, 'cold-start-once.ts')
  const { stdout } = await run(process.execPath, [once, file], { env: { PATH: process.env['PATH'], ...settings } })
  return JSON.parse(stdout) as Start
}

const round = (values: readonly number[]) => Math.round(median(values) ?? 0)

function describeStarts(all: readonly Start[]): string {
  const [total, load, cpu] = (['totalMs', 'loadMs', 'cpuMs'] as const).map((name) => round(all.map((one) => one[name])))
  const fastest = Math.round(Math.min(...all.map(({ totalMs }) => totalMs)))
  return `${total} ms (${load} to load; fastest ${fastest}; ${cpu} of CPU)`
}

/** Both in turn, so that they have the same neighbours. */
async function measure(title: string, settings: Settings, targetMs: number): Promise<void> {
  const bundled: Start[] = []
  const unbundled: Start[] = []
  for (let turn = 0; turn < starts; turn++) {
    bundled.push(await startOnce(path.join(folder, 'index.mjs'), settings))
    unbundled.push(await startOnce(path.join(root, 'dist/functions/simulator.js'), settings))
  }
  const reachedMs = round(bundled.map(({ totalMs }) => totalMs))
  print({
    title: `cold start, ${title}`,
    target: `<= ${targetMs} ms`,
    reached: `${reachedMs} ms`,
    isMet: reachedMs <= targetMs,
    details: `the package ${describeStarts(bundled)}; without bundling ${describeStarts(unbundled)}`,
  })
}

try {
  await packageApp(folder)
  await startOnce(path.join(folder, 'index.mjs'), recording)
  console.log(`Node ${process.version}, median of ${starts} fresh processes`)
  await measure('generate', quick, 150)
  await measure('replay from Blob Storage', replaying, 300)
} finally {
  await backend.stop()
  await azurite.stop()
  rmSync(folder, { recursive: true, force: true })
}
