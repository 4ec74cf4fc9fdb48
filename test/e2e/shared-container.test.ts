/** Several processes of the built command on one Blob container, as they run when they are scaled out. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobStore, systemClock } from '../../src/sim/index.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { type Backend, json, startBackend } from '../support/backend.ts'

const command = path.join(import.meta.dirname, '../../dist/cli/main.js')
const apiKey = 'key-of-the-instances'
const container = 'shared'

type Instance = { readonly url: string; readonly complaints: readonly string[]; readonly stop: () => Promise<number> }

let azurite: Azurite
let backend: Backend
const children: ChildProcess[] = []

beforeAll(async () => {
  azurite = await startAzurite()
  backend = await startBackend()
})

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await backend.stop()
  await azurite.stop()
})

async function startInstance(mode: 'record' | 'replay', endpoint: string): Promise<Instance> {
  const env = {
    ...process.env,
    SIMULATOR_API_KEY: apiKey,
    AZURE_OPENAI_ENDPOINT: endpoint,
    AZURE_OPENAI_KEY: 'key-of-the-service',
    RECORDING_CONNECTION_STRING: azurite.connectionString,
    RECORDING_CONTAINER: container,
  }
  const child = spawn(process.execPath, [command, 'start', '--port', '0', '--mode', mode], { env })
  children.push(child)
  const complaints: string[] = []
  createInterface(child.stderr).on('line', (line) => complaints.push(line))
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /Endpoint: (\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    void exited.then(() => reject(new Error(complaints.join('\n'))))
  })
  return {
    url,
    complaints,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

async function ask(url: string, content: string): Promise<string> {
  const answer = await fetch(`${url}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`, {
    method: 'POST',
    headers: { 'api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content }] }),
  })
  const text = await answer.text()
  expect(`${answer.status} ${text}`).toMatch(/^200 /)
  return (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]!.message.content
}

const questions = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name} ${index}`)
const answerTo = (question: string) => `The answer to ${question}`

describe('instances that share a container', () => {
  it(
    'record 200 distinct and 50 shared requests as 250 documents, which another instance replays',
    { timeout: 90_000 },
    async () => {
      const shared = questions('shared', 50)
      const perInstance = [
        [...questions('first', 100), ...shared],
        [...questions('second', 100), ...shared],
      ]
      backend.next(
        ...Array.from({ length: 300 }, () => (...[answer, request]: Parameters<ReturnType<typeof json>>) => {
          const { messages } = JSON.parse(request.body.toString()) as { messages: { content: string }[] }
          const message = { role: 'assistant', content: answerTo(messages[0]!.content) }
          json({ choices: [{ index: 0, message, finish_reason: 'stop' }] })(answer, request)
        }),
      )
      const recorders = await Promise.all([startInstance('record', backend.url), startInstance('record', backend.url)])
      await Promise.all(
        recorders.map(async ({ url }, index) => {
          const answers = await Promise.all(perInstance[index]!.map((question) => ask(url, question)))
          expect(answers).toEqual(perInstance[index]!.map(answerTo))
        }),
      )
      // A stop writes what is not written yet.
      expect(await Promise.all(recorders.map(({ stop }) => stop()))).toEqual([0, 0])
      expect(recorders.flatMap(({ complaints }) => complaints)).toEqual([])

      const store = blobStore({
        address: { connectionString: azurite.connectionString, container },
        clock: systemClock(),
      })
      const names: string[] = []
      for await (const { name } of store.list()) names.push(name)
      expect(names.filter((name) => name.endsWith('.yaml'))).toHaveLength(250)
      expect(names).toHaveLength(250)

      const nobody = 'http://127.0.0.1:9'
      const replayer = await startInstance('replay', nobody)
      const all = [...new Set(perInstance.flat())]
      expect(await Promise.all(all.map((question) => ask(replayer.url, question)))).toEqual(all.map(answerTo))
      expect(await replayer.stop()).toBe(0)
    },
  )
})
