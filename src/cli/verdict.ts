/** `aoai-sim verdict`: how the callers of a simulator behaved, as a table, for CI, and as a page. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, CommanderError, Option } from 'commander'
import type { Verdict } from '../sim/index.ts'
import { askControl } from './control-api.ts'
import type { Terminal } from './terminal.ts'
import { htmlOf, junitOf } from './verdict-files.ts'

type Flags = {
  readonly key?: string
  readonly resource?: string
  readonly since?: string
  readonly failOn: 'fail' | 'warn'
  readonly junit?: string
  readonly html?: string
}

export function addVerdict(program: Command, { out, cwd = '' }: Terminal, keyOf: () => string | undefined): void {
  program
    .command('verdict <url>')
    .description('judge how the callers of a running simulator behaved; exits with 1 if they behaved badly')
    .option('--key <key>', 'key of the simulator (default: SIMULATOR_API_KEY)')
    .option('--resource <name>', 'the resource to judge (default: that of the top level)')
    .option('--since <time>', 'only requests since this time, as 2026-01-31T12:00:00Z')
    .addOption(
      new Option('--fail-on <level>', 'the lowest level that exits with 1').choices(['fail', 'warn']).default('fail'),
    )
    .option('--junit <file>', 'write JUnit XML to this file')
    .option('--html <file>', 'write a page to this file')
    .allowExcessArguments(false)
    .action(async (url: string, { key, resource, since, failOn, junit, html }: Flags) => {
      const path = since === undefined ? 'verdict' : `verdict?since=${encodeURIComponent(since)}`
      const answer = await askControl({ url, key: key ?? keyOf(), resource }, path)
      const verdict = (await answer.json()) as Verdict
      for (const line of tableOf(verdict)) out(line)
      if (junit !== undefined) writeFileSync(resolve(cwd, junit), junitOf(verdict, failOn))
      if (html !== undefined) writeFileSync(resolve(cwd, html), htmlOf(verdict))
      if (verdict.level === 'fail' || (failOn === 'warn' && verdict.level === 'warn'))
        throw new CommanderError(1, 'verdict', verdict.level)
    })
}

function tableOf({ level, marks, calls, attempts, ambiguous }: Verdict): readonly string[] {
  const width = Math.max(...marks.map(({ name }) => name.length))
  const rows = marks.flatMap(({ name, level: own, count, of, why, advice, example }) => {
    const line = `${own.toUpperCase().padEnd(7)}  ${name.padEnd(width)}  ${of === 0 ? '' : `${count} of ${of}. `}${why}`
    if (own === 'pass' || own === 'unknown') return [line]
    const indent = ' '.repeat(11 + width)
    return [line, `${indent}${advice}`, ...(example ? [`${indent}Example: ${example.join(', ')}`] : [])]
  })
  const unclear = ambiguous > 0 ? `, ${ambiguous} of them not judged, as it is not clear what belongs together` : ''
  return [...rows, '', `${level.toUpperCase()}: ${calls} calls, ${attempts} attempts${unclear}.`]
}
