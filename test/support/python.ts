/** A Python that has the pinned packages of `test/clients/python`, where there is one. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const folder = path.resolve(import.meta.dirname, '../clients/python')
const own = path.resolve(import.meta.dirname, '../../.venv/bin/python')
export const python = existsSync(own) ? own : 'python3'

const wanted = readFileSync(path.join(folder, 'requirements.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.includes('=='))
const compare =
  'import sys; from importlib.metadata import version; sys.exit(any(version(n) != v for n, v in (a.split("==") for a in sys.argv[1:])))'
const isReady = spawnSync(python, ['-c', compare, ...wanted]).status === 0

/** For `describe.skipIf`; the name says why. */
export const isPythonMissing = !isReady
export const withPython = (name: string) =>
  isReady ? name : `${name} (skipped: no python3 has the packages of test/clients/python/requirements.txt)`
if (!isReady) console.warn(withPython('Clients in Python'))

/** Runs one of the scripts there, and gives what its checks printed; where one fails, that is in the error. */
export async function runChecks(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['-W', 'ignore', '-m', 'unittest', '-v', script]
  const { stderr } = await promisify(execFile)(python, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONDONTWRITEBYTECODE: '1', ...env },
    timeout: 110_000,
  })
  return stderr
}

/** Runs one of the scripts there that checks nothing itself. */
export async function runScript(script: string, env: Readonly<Record<string, string>>): Promise<void> {
  await promisify(execFile)(python, [`${script}.py`], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONDONTWRITEBYTECODE: '1', ...env },
    timeout: 110_000,
  })
}
