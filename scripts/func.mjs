/**
 * `npm run func`: the built app under Azure Functions Core Tools, the `func` on the PATH or, where there is none, the
 * one that `npx` fetches; with Azurite beside it, where the host keeps what it needs. Arguments are passed on.
 */
import { spawn, spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const isWindows = process.platform === 'win32'

/** @param {number} port */
const isTaken = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })

const azurite = (await isTaken(10_000))
  ? undefined
  : spawn(process.execPath, [path.join(root, 'scripts/azurite.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] })

const isInstalled = spawnSync('func', ['--version'], { shell: isWindows, stdio: 'ignore' }).status === 0
const [command, before] = isInstalled ? ['func', []] : ['npx', ['--yes', 'azure-functions-core-tools@4']]
const func = spawn(command, [...before, 'start', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  shell: isWindows,
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => func.kill(signal))
func.on('error', (error) => console.error(error.message))
func.on('close', (status) => {
  azurite?.kill()
  if (!isInstalled && status !== 0) {
    console.error('There is no func on the PATH, and npx could not fetch it. To install Azure Functions Core Tools:')
    console.error(
      'https://learn.microsoft.com/azure/azure-functions/functions-run-local#install-the-azure-functions-core-tools',
    )
  }
  process.exitCode = status ?? 1
})
