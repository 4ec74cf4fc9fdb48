/** A separate Blob service for a test file, in its own process. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Azurite = {
  readonly connectionString: string
  /** Of the account, for example `http://127.0.0.1:10000/devstoreaccount1`. */
  readonly accountUrl: string
  readonly stop: () => Promise<void>
}

/** The account and the key that every Azurite has (documented by Microsoft; no secret). */
const account = 'devstoreaccount1'
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

const script = fileURLToPath(new URL('../../scripts/azurite.mjs', import.meta.url))

/** On a free port, keeping nothing. */
export async function startAzurite(): Promise<Azurite> {
  const child = spawn(process.execPath, [script, '--port', '0', '--memory'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // The test process may end without having stopped it.
  const stopNow = () => child.kill('SIGKILL')
  process.once('exit', stopNow)

  const origin = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /successfully listens on (http:\/\/\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    void exited.then(() => reject(new Error('Azurite ended before it listened')))
  })
  const accountUrl = `${origin}/${account}`
  return {
    accountUrl,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${accountUrl};`,
    stop: async () => {
      process.removeListener('exit', stopNow)
      child.kill('SIGTERM')
      await exited
    },
  }
}
