/** Go and Java with what `test/clients/go` and `test/clients/java` need, where that is there: nothing is fetched here. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const folderOf = (language: string) => path.resolve(import.meta.dirname, '../clients', language)
const limit = { timeout: 600_000, maxBuffer: 16_777_216 }

/** Only what was fetched before: a test asks no network. */
const offline = { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' }

const isReady = (command: string, args: readonly string[], language: string) =>
  spawnSync(command, args, { cwd: folderOf(language), env: offline, timeout: 60_000 }).status === 0

/** They take minutes: `TEST_CLIENTS=go,java` asks for them. */
const isAsked = (language: string) => (process.env['TEST_CLIENTS'] ?? '').split(',').includes(language)

const hasGo = isAsked('go') && isReady('go', ['list', '-deps', '-test', './...'], 'go')

const classpath = path.join(folderOf('java'), 'target/classpath.txt')
const hasJava = isAsked('java') && existsSync(classpath) && isReady('java', ['-version'], 'java')

/** Of the examples that start it in a container. */
const hasImage =
  (hasGo || hasJava) &&
  spawnSync('docker', ['image', 'inspect', 'aoai-simulated-api'], { timeout: 60_000 }).status === 0
export const isImageMissing = !hasImage
export const withImage = (name: string) =>
  hasImage ? name : `${name} (skipped: no Docker, or no image: docker build --tag aoai-simulated-api .)`

/** For `describe.skipIf`; the names say why. */
export const isGoMissing = !hasGo
export const isJavaMissing = !hasJava
export const withGo = (name: string) =>
  named(name, hasGo, 'go', 'no go, or no modules: go mod download in test/clients/go')
export const withJava = (name: string) =>
  named(name, hasJava, 'java', 'no java, or no packages: mvn compile dependency:build-classpath in test/clients/java')

function named(name: string, isThere: boolean, language: string, missing: string): string {
  if (isThere) return name
  const told = `${name} (skipped: ${isAsked(language) ? missing : `not asked for by TEST_CLIENTS=${language}`})`
  if (isAsked(language)) console.warn(told)
  return told
}

type Variables = Readonly<Record<string, string>>

/** With which the examples start a simulator of their own. */
const command = `${process.execPath} ${path.resolve(import.meta.dirname, '../../dist/cli/main.js')}`

/** Each check with its outcome; where one fails, that is in the error. */
export async function runGo(env: Variables, only = '.'): Promise<string> {
  const args = ['test', '-count=1', '-v', '-run', only, ...(hasImage ? [] : ['-skip', 'InContainer']), './...']
  return (
    await promisify(execFile)('go', args, {
      cwd: folderOf('go'),
      env: { ...offline, AOAI_SIMULATOR_COMMAND: command, ...env },
      ...limit,
    })
  ).stdout
}

export async function runJava(main: string, env: Variables = {}): Promise<string> {
  const all = [path.join(folderOf('java'), 'target/classes'), readFileSync(classpath, 'utf8').trim()].join(
    path.delimiter,
  )
  return (
    await promisify(execFile)('java', ['-cp', all, main], {
      env: { ...process.env, AOAI_SIMULATOR_COMMAND: command, ...env },
      ...limit,
    })
  ).stdout
}
