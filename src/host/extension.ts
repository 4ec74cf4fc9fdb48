/** Finds and loads the module that `EXTENSION_PATH` names. What it exports is checked where the simulator is made. */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, mismatch, shown } from '../sim/index.ts'
import { adviceOn, isOurs, provideDefinitions } from './extension-advice.ts'

export type LoadedExtension = { readonly value: unknown; readonly place: string }

/** TypeScript is read by Node itself, which leaves the types out. */
const indexes = ['index.js', 'index.mjs', 'index.ts', 'index.mts']

/** `setting` is where the path was given. Rejects with a `ConfigError` that tells what is wrong, and where. */
export async function loadExtension(
  path: string | undefined,
  {
    cwd = process.cwd(),
    setting = 'EXTENSION_PATH',
  }: { readonly cwd?: string | undefined; readonly setting?: string } = {},
): Promise<LoadedExtension | undefined> {
  if (path === undefined) return undefined
  const wrong = (message: string) => new ConfigError([{ path: ['extensionPath'], setting, message }])
  const given = resolve(cwd, path)
  if (!existsSync(given))
    throw wrong(mismatch(`${shown(path)}, but there is no ${given}`, 'an ES module, or a folder with one'))
  const file = statSync(given).isDirectory()
    ? indexes.map((name) => join(given, name)).find((name) => existsSync(name))
    : given
  if (file === undefined)
    throw wrong(mismatch(`the folder ${shown(path)} with no module in it`, `a folder that has ${indexes.join(', ')}`))
  const place = relative(cwd, file) || file
  let module: { readonly default?: unknown }
  provideDefinitions()
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module
  } catch (error) {
    const advice = adviceOn(error, file)
    throw wrong(`${place} cannot be loaded: ${reasonOf(error, file)}${advice === undefined ? '' : `: ${advice}`}`)
  }
  const value = unwrapped(module.default)
  if (value === undefined) throw wrong(`${place} has no default export; write export default { name: '…', … }`)
  return { value, place }
}

/** A script that was compiled from a module has its default export within its exports. */
const unwrapped = (exported: unknown): unknown =>
  typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported
    ? exported.default
    : exported

/** A mistake in the code is found by its line, which stands in the stack, or, where the code is no code, nowhere. */
function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error)
  const where = error instanceof SyntaxError ? placeOfSyntax(file) : placeInStack(error)
  const [message = ''] = error.message.split('\n')
  return where === undefined ? message : `${message} (${where})`
}

const placeInStack = ({ stack = '' }: Error) =>
  [...stack.matchAll(/\(?(file:\/\/\S+?:\d+:\d+)\)?$/gm)].map(([, place = '']) => place).find((place) => !isOurs(place))

/** Node tells the line where it is asked to check alone: `file:4` is the first thing that it says. */
function placeOfSyntax(file: string): string | undefined {
  const [first = ''] = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' }).stderr.split('\n', 1)
  const line = /:(\d+)$/.exec(first)?.[1]
  return line && `line ${line}`
}
