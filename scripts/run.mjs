/**
 * `npm start` and `npm test` on a fresh clone: installs what is missing, builds what is missing or old, then runs the
 * command with the project's own Node, or, for a start, the system's where that is new enough. Written for any Node that
 * may be the system's: no import beyond the oldest.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'
const modules = path.join(root, 'node_modules')
const ownNode = path.join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node')

/** @param {string} command @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} options */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (result.error) throw result.error
  if (result.signal) process.kill(process.pid, result.signal)
  if (result.status !== 0) process.exit(result.status ?? 1)
}

/** npm may end at a signal without a word to what it started. */
const startedBy = process.ppid
const isAbandoned = () => process.env.npm_lifecycle_event !== undefined && process.ppid !== startedBy

/** @param {string} file */
const changed = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0)

/** npm writes its own record of what it installed; an older one than the lock file means that something is missing. */
const isInstalled = changed(path.join(modules, '.package-lock.json')) >= changed(path.join(root, 'package-lock.json'))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const canStartHere = major > 22 || (major === 22 && minor >= 12)
/** @param {string} name */
const has = (name) => existsSync(path.join(modules, name))

/** @param {string} command */
async function install(command) {
  // Who has all of it keeps all of it.
  const isLight = command === 'start' && !has('vitest')
  const hasNode = canStartHere || existsSync(ownNode)
  if (isInstalled && (isLight ? has('esbuild') && hasNode : has('vitest') && existsSync(ownNode))) return
  const { lightInstall } = await import('./light-install.mjs')
  if (isLight) {
    const more = canStartHere ? [] : ['node']
    await atWork('Installing what a start needs', () => lightInstall(root, npmCi, more))
  } else await atWork('Installing packages', () => npmCi(root))
}

/** @param {string} folder */
function npmCi(folder) {
  // The package of Node fetches it by its script; a light install without it needs none.
  const scripts = folder === root || !canStartHere ? [] : ['--ignore-scripts']
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', ...scripts]
  return new Promise((resolve) => {
    const child = spawn(isWindows ? 'npm.cmd' : 'npm', args, {
      cwd: folder,
      shell: isWindows,
      stdio: ['ignore', 'ignore', 2],
    })
    child.on('error', (error) => {
      throw error
    })
    child.on('exit', (status) => (status === 0 ? resolve(undefined) : process.exit(status ?? 1)))
  })
}

/**
 * Says what is done, that it still is, and how long it took.
 * @param {string} what @param {() => Promise<unknown>} work
 */
async function atWork(what, work) {
  const startMs = Date.now()
  process.stderr.write(`${what} `)
  const tick = setInterval(() => process.stderr.write('.'), 1000)
  await work()
  clearInterval(tick)
  process.stderr.write(` ${((Date.now() - startMs) / 1000).toFixed(1)} s\n`)
}

const [command = '', ...rest] = process.argv.slice(2)
await install(command)
const node = existsSync(ownNode) ? ownNode : process.execPath
run(node, [path.join('scripts', 'build-if-stale.mjs')])

/** Node lets short-lived objects grow to twice this, which thousands of streams at once would each pay a share of. */
const youngHeap = '--max-semi-space-size=16'

/** @type {Record<string, string[]>} */
const programs = {
  start: [youngHeap, path.join('dist', 'cli', 'main.js'), 'start'],
  test: [path.join(modules, 'vitest', 'vitest.mjs'), 'run'],
  bench: [path.join('bench', 'main.ts')],
}
const program = programs[command] ?? []
if (program.length === 0) throw new Error(`run.mjs: unknown command ${command}`)
// The project's own Node is first for whatever the command starts in turn.
const env = { ...process.env, PATH: [path.dirname(node), process.env.PATH].join(path.delimiter) }

if (command === 'start') follow()
else run(node, [...program, ...rest], { env })

/**
 * Runs the simulator as long as whoever asked for it is there. Signals are passed on once each: from a terminal they
 * come to this process and, by way of npm, once more; so the simulator is in a group of its own, where it has them from
 * here alone. It hears the end of this process by the channel between the two, however that ends.
 */
function follow() {
  if (isAbandoned()) process.exit(1)
  const child = spawn(node, [...program, ...rest], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: !isWindows,
    env,
  })
  /** @type {Record<string, number>} */
  const lastMs = {}
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      const nowMs = Date.now()
      if (nowMs - (lastMs[signal] ?? 0) > 300) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
      lastMs[signal] = nowMs
    })
  const watch = setInterval(() => isAbandoned() && child.kill('SIGTERM'), 250)
  child.on('exit', (status, signal) => {
    clearInterval(watch)
    process.exit(status ?? (signal === 'SIGINT' ? 130 : 143))
  })
}
