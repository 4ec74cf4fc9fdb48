/** Checks the package that azd sends: its files, and references between them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Problem } from './problem.ts'

const maxBytes = 10_000_000

/** Files that azd always leaves out of its zip (its `project_utils.go`). */
const isLeftOut = (name: string) => /^(\.azure\/|\.funcignore$|local\.settings\.json$)/.test(name)

/** `folder` is relative to the project, and `place` is where it really is. */
export function checkPackage(folder: string, place: string): readonly Problem[] {
  if (!existsSync(place)) return [{ file: folder, message: 'is not there: npm run build makes it' }]
  const problems: Problem[] = []
  const say = (name: string, message: string) => problems.push({ file: path.posix.join(folder, name), message })
  const files = readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !isLeftOut(name))
  const bytes = files.reduce((sum, name) => sum + statSync(path.join(place, name)).size, 0)
  if (bytes > maxBytes) say('', `has ${bytes} bytes, more than ${maxBytes}`)
  if (files.some((name) => name.includes('node_modules/'))) say('', 'has node_modules')

  const needed = ['host.json', 'package.json'].filter((name) => !files.includes(name))
  for (const name of needed) say(name, 'is missing')
  if (needed.length > 0) return problems

  const read = (name: string) => readFileSync(path.join(place, name), 'utf8')
  const manifest = JSON.parse(read('package.json')) as Manifest
  if (!files.includes(manifest.main ?? ''))
    say('package.json', `names ${manifest.main ?? 'nothing'} as main, which is not there`)
  if (manifest.type !== 'module') say('package.json', 'must say "type": "module"')
  if (manifest.dependencies) say('package.json', 'must not have dependencies: nothing is installed in Azure')
  for (const [from, to] of Object.entries(manifest.imports ?? {})) {
    const start = to.replace(/^\.\//, '').replace(/\*.*$/, '')
    if (!files.some((name) => name.startsWith(start)))
      say('package.json', `imports ${from} from ${to}, where nothing is`)
  }
  for (const name of files.filter((one) => one.endsWith('.mjs')))
    for (const [, to = ''] of read(name).matchAll(/(?:from|import)\s*\(?["'](\.\.?\/[\w./-]+\.mjs)["']/g)) {
      const target = path.posix.join(path.posix.dirname(name), to)
      if (!files.includes(target)) say(name, `imports ${target}, which is not there`)
    }
  if ((JSON.parse(read('host.json')) as { version?: string }).version !== '2.0')
    say('host.json', 'must have version 2.0')
  return problems
}

type Manifest = {
  readonly main?: string
  readonly type?: string
  readonly dependencies?: object
  readonly imports?: Readonly<Record<string, string>>
}
