/** The cases that are measured: requests, targets, and the simulator's configuration. */
import { counterText, prompt } from './prompts.ts'

export const apiKey = 'bench'
export const paceTokenMs = 20

/** Only the paced deployment has latency. One deployment has a high limit, so that its calls are counted. */
export const settingsYaml = `apiKey: ${apiKey}
logLevel: error
deployments:
  free: { model: gpt-4o }
  limited: { model: gpt-4o, tokensPerMinute: 1000000000000 }
  embed: { model: text-embedding-3-small, tokensPerMinute: 1000000000000 }
  paced: { model: gpt-4o, latency: { timeToFirstToken: ${paceTokenMs}ms, interToken: ${paceTokenMs}ms } }
latency:
  chatCompletions: { interToken: 0ms }
  embeddings: 0ms
replay: { speed: 0 }
redis: { timeout: 5s }
`

export type Case = {
  readonly group: 'chat' | 'stream' | 'embeddings' | 'replay'
  readonly title: string
  readonly path: string
  readonly body: (text: string) => object
  /** The same one in each request, one of some hundreds in turn, or one that never came before. */
  readonly prompts: 'one' | 'some' | 'new'
  /** The minimum share of the bare server's requests per second. */
  readonly targetRatio: number
}

const chatPath = (deployment: string) => `/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`
const chat = (text: string) => ({ messages: [{ role: 'user', content: text }], max_tokens: 100 })
const stream = (text: string) => ({ ...chat(text), stream: true })

export const cases: readonly Case[] = [
  {
    group: 'chat',
    title: 'chat, no limit, one prompt',
    path: chatPath('free'),
    body: chat,
    prompts: 'one',
    targetRatio: 0.6,
  },
  {
    group: 'chat',
    title: 'chat, limit counted, one prompt',
    path: chatPath('limited'),
    body: chat,
    prompts: 'one',
    targetRatio: 0.6,
  },
  {
    group: 'chat',
    title: 'chat, limit counted, each prompt new',
    path: chatPath('limited'),
    body: chat,
    prompts: 'new',
    targetRatio: 0.6,
  },
  {
    group: 'stream',
    title: 'streamed chat, one prompt',
    path: chatPath('limited'),
    body: stream,
    prompts: 'one',
    targetRatio: 1,
  },
  {
    group: 'stream',
    title: 'streamed chat, each prompt new',
    path: chatPath('limited'),
    body: stream,
    prompts: 'new',
    targetRatio: 1,
  },
  {
    group: 'embeddings',
    title: 'embeddings, 1536 floats, each text new',
    path: '/openai/deployments/embed/embeddings?api-version=2024-10-21',
    body: (text) => ({ input: text, encoding_format: 'base64' }),
    prompts: 'new',
    targetRatio: 0.4,
  },
  {
    group: 'replay',
    title: 'replay, one recording',
    path: chatPath('free'),
    body: chat,
    prompts: 'one',
    targetRatio: 0.5,
  },
  {
    group: 'replay',
    title: 'replay, 500 recordings in turn',
    path: chatPath('free'),
    body: chat,
    prompts: 'some',
    targetRatio: 0.5,
  },
]

/** A stream of `tokens` tokens, one every `paceTokenMs`. */
export const pacedRequest = (tokens: number) =>
  httpRequest(chatPath('paced'), { ...stream(prompt(0)), max_tokens: tokens })

/** Of those that are never alike as many that their words are in no cache when their turn comes again. */
const poolSizes = { one: 1, some: 500, new: 8_192 }

/** Yields the bytes of one request after another. */
export function requestsOf({ path, body, prompts }: Pick<Case, 'path' | 'body' | 'prompts'>): () => Uint8Array {
  const pool = Array.from({ length: poolSizes[prompts] }, (_, number) => httpRequest(path, body(prompt(number))))
  const offsets = pool.map((request) => request.indexOf(counterText))
  let count = 0
  return () => {
    const at = count++ % pool.length
    const request = pool[at]!
    if (prompts === 'new') request.write(String(count).padStart(counterText.length, '0'), offsets[at]!, 'latin1')
    return request
  }
}

/** A chat completion of its own for each number; those of the first hundreds are what `prompts: 'some'` asks. */
export const numberedRequest = (number: number) => httpRequest(chatPath('free'), chat(prompt(number)))

export function httpRequest(path: string, body: object): Buffer {
  const text = JSON.stringify(body)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\napi-key: ${apiKey}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}
