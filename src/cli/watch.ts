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
      out('time      in flight  deployment                req/s    ok   429  left  error  first byte p50 p95 p99 ms')
      let shown = 0
      for await (const second of secondsOf(reader)) {
        for (const line of linesOf(second)) out(line)
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

function* linesOf({ atMs, inFlight, rows, errors }: LiveSecond): Generator<string> {
  const time = new Date(atMs).toLocaleTimeString('en-GB')
  const head = `${time}  ${String(inFlight).padStart(9)}`
  if (rows.length === 0) yield `${head}  –`
  for (const { resource, deployment = '–', requests, answers, firstByteMs = [], limitedBy } of rows) {
    const name = (resource === undefined ? deployment : `${resource}/${deployment}`).slice(0, 24).padEnd(24)
    const counts = [requests, answers.ok, answers.limited, answers.left, answers.refused + answers.failed]
    const limits = Object.entries(limitedBy)
      .filter(([, count]) => count > 0)
      .map(([cause]) => cause)
      .join(', ')
    const columns = counts.map((count, at) => String(count).padStart(at === 0 ? 7 : at === 4 ? 7 : 6)).join('')
    yield `${head}  ${name}${columns}  ${firstByteMs.map(Math.round).join(' ')}${limits ? `  limited by ${limits}` : ''}`
  }
  for (const { status, path } of errors.slice(-1)) yield `${' '.repeat(21)}last error: ${status} ${path}`
}
