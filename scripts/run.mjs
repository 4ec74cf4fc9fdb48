/**
 * `npm start` and `npm test` on a fresh clone: installs what is missing, builds what is missing or old, then runs the
 * command with the project's own Node. Written for any Node that may be the system's: no import beyond the oldest.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'
const modules = path.join(root, 'node_modules')
const node = path.join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node')

/** @param {string} command @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} options */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (result.error) throw result.error
  if (result.signal) process.kill(process.pid, result.signal)
  if (result.status !== 0) process.exit(result.status ?? 1)
}

/** @param {string} file */
const changed = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0)

/** npm writes its own record of what it installed; an older one than the lock file means that something is missing. */
function install() {
  const installed = changed(path.join(modules, '.package-lock.json'))
  if (installed >= changed(path.join(root, 'package-lock.json')) && existsSync(node)) return
  console.error('Installing packages …')
  run(isWindows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    shell: isWindows,
    stdio: ['ignore', 2, 2],
  })
}

install()
run(node, [path.join('scripts', 'build-if-stale.mjs')])

/** Node lets short-lived objects grow to twice this, which thousands of streams at once would each pay a share of. */
const youngHeap = '--max-semi-space-size=16'

const [command = '', ...rest] = process.argv.slice(2)
/** @type {Record<string, string[]>} */
const programs = {
  start: [youngHeap, path.join('dist', 'cli', 'main.js'), 'start'],
  test: [path.join(modules, 'vitest', 'vitest.mjs'), 'run'],
  bench: [path.join('bench', 'main.ts')],
}
const program = programs[command]
if (!program) throw new Error(`run.mjs: unknown command ${command}`)
// The project's own Node is first for whatever the command starts in turn.
const env = { ...process.env, PATH: [path.dirname(node), process.env.PATH].join(path.delimiter) }

if (command === 'start') {
  // Signals go to the simulator, which stops cleanly; this process follows it.
  const { spawn } = await import('node:child_process')
  const child = spawn(node, [...program, ...rest], { cwd: root, stdio: 'inherit', env })
  process.on('SIGINT', () => child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (status) => process.exit(status ?? 1))
} else run(node, [...program, ...rest], { env })
