/** A store that begins an answer and never ends it does not hold up the end of a process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'

const main = path.resolve(import.meta.dirname, '../../dist/cli/main.js')

it('ends when it is told to, with what it has', { timeout: 60_000 }, async () => {
  const store = createServer((_, answer) => {
    answer.writeHead(200, { 'content-length': 1_000 })
    answer.write('x')
  })
  store.listen(0, '127.0.0.1')
  await once(store, 'listening')
  const address = `http://127.0.0.1:${(store.address() as AddressInfo).port}/devstoreaccount1`
  const cwd = mkdtempSync(path.join(tmpdir(), 'stop-'))
  const child = spawn(process.execPath, [main, 'start', '--port', '0', '--key', 'k'], {
    cwd,
    env: {
      ...process.env,
      SIMULATOR_STATE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=${address};`,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
    store.closeAllConnections()
    store.close()
    rmSync(cwd, { recursive: true, force: true })
  })
  const exited = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /Endpoint: +(\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    void exited.then(() => reject(new Error('It ended before it listened')))
  })
  const asked = '/openai/v1/vector_stores/vs_74H09eLtrYBX2f9Ps9dwhLNK'
  expect((await fetch(url + asked, { headers: { 'api-key': 'k' } })).status).toBe(503)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})
