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
    .description('summarise a run in one page: plots, the verdict on the client, capacity and settings')
    .option('--key <key>', 'key of the simulator (default: SIMULATOR_API_KEY)')
    .option('--resource <name>', 'only this resource (default: all that had requests)')
    .option('--html <file>', 'write the page to this file')
    .option('--json <file>', 'write the run as JSON, for a later --baseline')
    .option('--baseline <file>', 'an earlier run, written by --json: the page shows what changed')
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
