/**
 * `npm run bench:live`: sessions of Realtime on one core, each sending sound of 24 kHz all the time and hearing answers:
 * how much they take, and whether a listener hears a gap. It reports and never fails.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Heard } from './load-live.ts'
import { findPinning, startServer } from './processes.ts'
import { processorMicros } from './processor-time.ts'

const here = (file: string) => join(import.meta.dirname, file)
const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '30' },
    app: { type: 'string', default: here('../dist/cli/main.js') },
  },
})

const settings = `apiKey: bench
logLevel: error
latency: { chatCompletions: { timeToFirstToken: 300ms ± 100ms, interToken: 20ms } }
rules: [{ then: { text: "Good morning to you, dear listener. What may I do for you today? There is tea, and there is coffee." } }]
`

const folder = await mkdtemp(join(tmpdir(), 'bench-live-'))
try {
  const config = join(folder, 'sim.yaml')
  await writeFile(config, settings)
  const pinning = findPinning()
  const args = ['--max-semi-space-size=16', values.app, 'start', '--port', '0', '--config', config]
  const server = await startServer({ args, core: pinning?.server, env: process.env, cwd: folder })
  const status = () => readFile(`/proc/${server.pid}/status`, 'utf8').catch(() => '')
  const resident = async () => Number(/VmRSS:\s+(\d+)/.exec(await status())?.[1]) / 1024
  const [idleMb, idleMicros] = [await resident(), await processorMicros(server.processorPort)]
  const load = [here('load-live.ts'), String(server.port), values.sessions, values.seconds]
  const command: readonly [string, string[]] = pinning
    ? ['taskset', ['-c', pinning.load, process.execPath, ...load]]
    : [process.execPath, load]
  const child = spawn(...command, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  child.stdout.on('data', (piece: Buffer) => (told += piece.toString()))
  let peakMb = idleMb
  const watch = setInterval(() => void resident().then((mb) => (peakMb = Math.max(peakMb, mb))), 500)
  await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  const usedMs = ((await processorMicros(server.processorPort)) - idleMicros) / 1000
  const answer = await fetch(`http://127.0.0.1:${server.port}/++/metrics`, { headers: { 'api-key': 'bench' } })
  const lines = (await answer.text()).split('\n')
  const metric = (name: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`aoai_api_simulator_audio_${name}`))
        ?.split(' ')
        .at(-1) ?? 0,
    )
  const heard = JSON.parse(told) as Heard
  const sessions = Number(values.sessions)
  const { firstMs, gaps, gapMs, worstMs } = heard
  console.log(`${sessions} sessions, each sending sound for ${heard.seconds} s in pieces of 100 ms`)
  console.log(`  ${heard.answers} answers, ${heard.soundSeconds.toFixed(0)} s of sound`)
  console.log(`  first sound after the end of speech: median ${firstMs.median} ms, 99 % within ${firstMs.p99} ms`)
  console.log(
    `  gaps that a listener heard: ${gaps}, ${gapMs.toFixed(0)} ms in all, ${worstMs.toFixed(0)} ms the longest`,
  )
  console.log(`  gaps as sent: ${metric('gaps')}, ${metric('late_sum').toFixed(0)} ms in all`)
  console.log(`  processor: ${((100 * usedMs) / heard.tookMs).toFixed(0)} % of a core, opening included`)
  console.log(
    `  memory: ${peakMb.toFixed(0)} MB at most, ${((1024 * (peakMb - idleMb)) / sessions).toFixed(0)} KB a session`,
  )
  console.log(`  ${heard.broken} sessions broke off; sound was sent for ${(heard.tookMs / 1000).toFixed(1)} s`)
  await server.stop()
} finally {
  await rm(folder, { recursive: true, force: true })
}
