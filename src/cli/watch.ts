/** `aoai-sim watch`: what happens in a simulator, second by second, for those who have no browser at hand. */
import type { Command } from 'commander'
import type { LiveSecond } from '../sim/index.ts'
import { askControl } from './control-api.ts'
import type { Terminal } from './terminal.ts'

export function addWatch(program: Command, { out, stopped }: Terminal, keyOf: () => string | undefined): void {
  program
    .command('watch <url>')
    .description('show what happens in a running simulator, second by second, until stopped')
    .option('--key <key>', 'key of the simulator (default: SIMULATOR_API_KEY)')
    .option('--seconds <number>', 'stop after this number of seconds', Number)
    .allowExcessArguments(false)
    .action(async (url: string, { key, seconds = Infinity }: { readonly key?: string; readonly seconds?: number }) => {
      const answer = await askControl({ url, key: key ?? keyOf() }, 'live')
      const reader = answer.body?.getReader()
      void stopped().then(() => reader?.cancel())
      let shown = 0
      let lines = 0
      for await (const second of secondsOf(reader)) {
        for (const line of linesOf(second)) {
          if (lines++ % linesOfHead === 0) out(head)
          out(line)
        }
        if (++shown >= seconds) break
      }
      await reader?.cancel()
    })
}

async function* secondsOf(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): AsyncGenerator<LiveSecond> {
  const decoder = new TextDecoder()
  let text = ''
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += decoder.decode(part.value, { stream: true })
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) yield JSON.parse(data) as LiveSecond
    }
  }
}

/** All fits into eighty columns; the times are p50, p95 and p99. */
const columns = 80
const head = 'time     flight  deployment           req/s   ok  429 left error  first byte, ms'
const nameWidth = 19
/** So often a screen of 24 lines has it. */
const linesOfHead = 20

function* linesOf({ atMs, inFlight, rows, errors }: LiveSecond): Generator<string> {
  const time = new Date(atMs).toLocaleTimeString('en-GB')
  const begin = `${time} ${String(inFlight).padStart(6)}`
  if (rows.length === 0) yield `${begin}  –`
  for (const { resource, deployment = '–', requests, answers, firstByteMs = [], limitedBy } of rows) {
    const counts = [requests, answers.ok, answers.limited, answers.left, answers.refused + answers.failed]
    const told = counts.map((count, at) => String(count).padStart(at === 0 || at === 4 ? 6 : 5)).join('')
    const name = cut(resource === undefined ? deployment : `${resource}/${deployment}`, nameWidth).padEnd(nameWidth)
    yield `${begin}  ${name}${told}  ${firstByteMs.map(Math.round).join(' ')}`.trimEnd()
    const limits = Object.entries(limitedBy).flatMap(([cause, count]) => (count > 0 ? [`${cause} (${count})`] : []))
    if (limits.length > 0) yield `${' '.repeat(17)}limited by ${limits.join(', ')}`
  }
  for (const { status, path, message } of errors.slice(-1))
    yield cut(`${' '.repeat(17)}last error: ${status} ${message ?? path}`, columns)
}

const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text)
