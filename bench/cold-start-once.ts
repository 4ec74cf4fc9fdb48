/**
 * One start of a Functions app in a process of its own: `cold-start-once.ts FILE`, where FILE is what its `main` names.
 * Prints, in milliseconds and as JSON, how long it took to load the app and to have its first answer, from then and in
 * all, and the processor's time for it.
 */
import { request } from 'node:http'
import { pathToFileURL } from 'node:url'
import {
  installFunctionsCore,
  serveRegistered,
  streamingServerUrl,
  terminateApp,
} from '../test/support/functions-core.ts'

export type Start = {
  readonly loadMs: number
  readonly answerMs: number
  readonly totalMs: number
  readonly cpuMs: number
}

/** A chat completion, by the way that the Functions host takes. */
async function firstAnswer(): Promise<number> {
  const { url, failures } = await serveRegistered(await streamingServerUrl())
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 10 })
  const headers = { 'api-key': process.env['SIMULATOR_API_KEY']!, 'content-type': 'application/json' }
  const path = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method: 'POST', headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const atMs = performance.now()
        if (answer.statusCode === 200) resolve(atMs)
        else reject(new Error(`${answer.statusCode} ${Buffer.concat(chunks).toString()} ${failures.join()}`))
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

installFunctionsCore()
const cpuBefore = process.cpuUsage()
const beganMs = performance.now()
await import(pathToFileURL(process.argv[2]!).href)
const loadedMs = performance.now()
const answeredMs = await firstAnswer()
const { user, system } = process.cpuUsage(cpuBefore)
// What was recorded is written by then.
await terminateApp()
const start: Start = {
  loadMs: loadedMs - beganMs,
  answerMs: answeredMs - loadedMs,
  totalMs: answeredMs - beganMs,
  cpuMs: (user + system) / 1000,
}
process.stdout.write(JSON.stringify(start), () => process.exit())
