/**
 * Installs what a start needs and no more: the app's own dependencies and what builds it, in the versions of
 * `package-lock.json`. The whole of it, with what tests and checks need, is forty times as much.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What makes the app of its source. */
const builders = ['esbuild', 'gpt-tokenizer', 'preact', 'uplot']

/**
 * @param {string} root
 * @param {(folder: string) => Promise<void>} npmCi
 * @param {string[]} [more] what else it needs: the project's own Node, where the system's is too old
 */
export async function lightInstall(root, npmCi, more = []) {
  const folder = path.join(root, '.light-install')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  try {
    const { manifest, lock } = lightLock(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')), more)
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest))
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock))
    await npmCi(folder)
    const modules = path.join(root, 'node_modules')
    if (existsSync(modules)) rmSync(modules, { recursive: true, force: true })
    renameSync(path.join(folder, 'node_modules'), modules)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The part of a lock file that these packages and all that they need make up.
 * @typedef {Record<string, string>} Names
 * @typedef {{ version: string, dev?: boolean, dependencies?: Names, devDependencies?: Names, optionalDependencies?: Names, peerDependencies?: Names, peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Locked
 * @param {{ name: string, lockfileVersion: number, packages: Record<string, Locked> }} whole
 * @param {string[]} [more] names of packages beside those
 * @returns {{ manifest: { dependencies: Names }, lock: { lockfileVersion: number, packages: Record<string, Locked> } & Record<string, unknown> }}
 */
export function lightLock({ name, lockfileVersion, packages }, more = []) {
  const top = packages['']
  const wanted = [...Object.keys(top?.dependencies ?? {}), ...builders, ...more]
  /** @type {Record<string, Locked>} */
  const kept = {}
  /** @param {string} from @param {string} needed */
  const keep = (from, needed) => {
    const place = placeOf(packages, from, needed)
    const found = place === undefined ? undefined : packages[place]
    if (place === undefined || found === undefined || kept[place]) return
    const { dev: _dev, ...rest } = found
    kept[place] = rest
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = found
    const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional)
    for (const next of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) keep(place, next)
  }
  for (const one of wanted) keep('', one)
  /** @param {string} one */
  const versionOf = (one) => ({ ...top?.devDependencies, ...top?.dependencies })[one] ?? '*'
  const dependencies = Object.fromEntries(wanted.map((one) => [one, versionOf(one)]))
  const manifest = { name, version: '0.0.0', private: true, dependencies }
  return { manifest, lock: { ...manifest, lockfileVersion, requires: true, packages: { '': manifest, ...kept } } }
}

/**
 * Where a package finds another: beside it, or above.
 * @param {Record<string, unknown>} packages @param {string} from @param {string} needed
 * @returns {string | undefined}
 */
function placeOf(packages, from, needed) {
  const here = `${from === '' ? '' : `${from}/`}node_modules/${needed}`
  if (packages[here]) return here
  if (from === '') return undefined
  const above = from.lastIndexOf('/node_modules/')
  return placeOf(packages, above < 0 ? '' : from.slice(0, above), needed)
}
