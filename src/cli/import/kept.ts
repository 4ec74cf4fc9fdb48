/** Answers that other tools have kept, as rules or as recordings, and what could not be carried over. */
import type { JsonObject } from '../../sim/base/object.ts'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileStore, importRecording, ruleListProblems, rulesYaml } from '../../sim/index.ts'
import type { Terminal } from '../terminal.ts'
import { fromAimock, isAimock } from './aimock.ts'
import type { Found } from './found.ts'
import { fromHar, isHar } from './har.ts'
import { fromPairs, readLines } from './pairs.ts'

export type KeptFlags = { readonly as?: 'rules' | 'recordings'; readonly out?: string; readonly dir: string }

/** A file as it was read. */
export type ReadFile = { readonly file: string; readonly text: string }

/** All that is in the files; undefined where none is of a tool that keeps answers. */
export function keptIn(
  files: readonly ReadFile[],
): { readonly found: readonly Found[]; readonly isAllHar: boolean } | undefined {
  const lines: JsonObject[] = []
  const found: Found[] = []
  const others: string[] = []
  const left: string[] = []
  let isAllHar = true
  for (const { file, text } of files) {
    const whole = wholeOf(text)
    if (!isHar(whole)) isAllHar = false
    const read = isHar(whole) ? fromHar(whole) : isAimock(whole) ? fromAimock(whole) : undefined
    const listed = read ? undefined : readLines(text)
    if (read) found.push({ ...read, left: read.left.map((line) => `${file}, ${line}`) })
    else if (listed) {
      lines.push(...listed.lines)
      left.push(...listed.left.map((line) => `${file}, ${line}`))
    } else others.push(file)
  }
  if (found.length === 0 && lines.length === 0) return undefined
  if (others.length > 0) throw new Error(`${others.join(', ')}: has no answers that were kept, as the other files have`)
  // Requests and results of a batch are files of their own.
  if (lines.length > 0) {
    const pairs = fromPairs(lines)
    found.push({ ...pairs, left: [...left, ...pairs.left] })
  }
  return { found, isAllHar }
}

export async function importKept(
  { found, isAllHar }: NonNullable<ReturnType<typeof keptIn>>,
  { as, out, dir }: KeptFlags,
  terminal: Terminal,
): Promise<void> {
  const at = (file: string) => resolve(terminal.cwd ?? '', file)
  for (const line of found.flatMap(({ left }) => left)) terminal.error(line)
  if ((as ?? (isAllHar ? 'recordings' : 'rules')) === 'recordings') await keep(found, at(dir), terminal)
  else await write(found, out === undefined ? undefined : at(out), terminal)
}

function wholeOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

async function write(found: readonly Found[], out: string | undefined, terminal: Terminal): Promise<void> {
  const rules = found.flatMap((each) => each.rules)
  if (rules.length === 0) throw new Error('There was nothing that could become a rule.')
  const problems = ruleListProblems(rules)
  if (problems.length > 0) throw new Error(`What was found makes no rules:\n${problems.join('\n')}`)
  const text = rulesYaml(rules)
  if (out === undefined) {
    terminal.out(text.trimEnd())
    return
  }
  await writeFile(out, text)
  terminal.out(`${rules.length} rules in ${out}: name it in rulesFrom.`)
}

async function keep(found: readonly Found[], dir: string, terminal: Terminal): Promise<void> {
  const exchanges = found.flatMap((each) => each.exchanges)
  if (exchanges.length === 0)
    throw new Error('There was no whole request with its answer that could become a recording: try --as rules.')
  const store = fileStore(dir)
  let isNew = 0
  for (const exchange of exchanges) if (await importRecording(store, exchange)) isNew++
  const there = exchanges.length - isNew
  terminal.out(`${isNew} recordings in ${store.label}${there > 0 ? `; ${there} were there already` : ''}.`)
}
