/** `aoai-sim report`: what a run came to, as a page for people and as a file to compare later runs with. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { reportPage } from './page.ts'
import { askRun, readRun } from './run.ts'
import { summaryOf, verdictText } from './words.ts'

type Flags = {
  readonly key?: string
  readonly resource?: string
  readonly html?: string
  readonly json?: string
  readonly baseline?: string
}

export function addReport(program: Command, { out, cwd = '' }: Terminal, keyOf: () => string | undefined): void {
  program
    .command('report <url>')
    .description('tell what a run came to: plots, the verdict on the client, capacity and settings, in one page')
    .option('--key <key>', 'of the simulator (default: SIMULATOR_API_KEY)')
    .option('--resource <name>', 'of one resource; else of all that were asked anything')
    .option('--html <file>', 'write a page that needs nothing else')
    .option('--json <file>', 'write the run, to compare later ones with')
    .option('--baseline <file>', 'an earlier run, as --json wrote it: the page tells what is other')
    .allowExcessArguments(false)
    .action(async (url: string, { key, resource, html, json, baseline }: Flags) => {
      const earlier = baseline === undefined ? undefined : readRun(resolve(cwd, baseline))
      const run = await askRun({ url, key: key ?? keyOf(), resource })
      if (html !== undefined) writeFileSync(resolve(cwd, html), reportPage(run, earlier))
      if (json !== undefined) writeFileSync(resolve(cwd, json), `${JSON.stringify(run)}\n`)
      for (const { report, verdict } of run.resources) {
        if (run.resources.length > 1) out(`${report.resource}:`)
        for (const line of [...summaryOf(report), verdictText(verdict)]) out(line)
      }
      if (html === undefined) out('The whole report: --html run.html.')
    })
}
