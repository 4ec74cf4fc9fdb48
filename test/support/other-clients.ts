/** Go with the modules of `test/clients/go`, where they are there: nothing is fetched here. */
import { execFile, spawnSync } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const folderOf = (language: string) => path.resolve(import.meta.dirname, '../clients', language)
const limit = { timeout: 600_000, maxBuffer: 16_777_216 }

/** Only what was fetched before: a test asks no network. */
const offline = { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' }

const isReady = (command: string, args: readonly string[], language: string) =>
  spawnSync(command, args, { cwd: folderOf(language), env: offline, timeout: 60_000 }).status === 0

/** They take minutes to build: `TEST_CLIENTS=go` asks for them. */
const isAsked = (language: string) => (process.env['TEST_CLIENTS'] ?? '').split(',').includes(language)

const hasGo = isAsked('go') && isReady('go', ['list', '-deps', '-test', './...'], 'go')

/** For `describe.skipIf`; the name says why. */
export const isGoMissing = !hasGo
export function withGo(name: string): string {
  if (hasGo) return name
  const why = isAsked('go')
    ? 'no go, or no modules: go mod download in test/clients/go'
    : 'not asked for by TEST_CLIENTS=go'
  const told = `${name} (skipped: ${why})`
  if (isAsked('go')) console.warn(told)
  return told
}

type Variables = Readonly<Record<string, string>>

/** Each check with its outcome; where one fails, that is in the error. */
export async function runGo(env: Variables): Promise<string> {
  const args = ['test', '-count=1', '-v', './...']
  return (await promisify(execFile)('go', args, { cwd: folderOf('go'), env: { ...offline, ...env }, ...limit })).stdout
}
