/** From what an extension answers to a plan. */
import { ExtensionError } from './extension-error.ts'
import type { LiveBody, LiveReader, Plan } from '../types.ts'
import type { ExtensionAnswer } from './define.ts'
import { noUsage } from '../base/no-usage.ts'

/** `who` names the extension and its part. Throws an `ExtensionError` for what cannot be sent. */
export function toPlan(answer: unknown, who: string): Plan {
  if (!isAnswer(answer)) throw new ExtensionError(who, 'it answered no object: return { status, headers, body }')
  const { status = 200, headers = {}, body = '', afterMs = 0 } = answer
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new ExtensionError(who, `it answered the status ${String(status)}; allowed: a whole number from 200 to 599`)
  if (!(afterMs >= 0 && afterMs < 2 ** 31)) throw new ExtensionError(who, 'afterMs is no number of milliseconds')
  const { contentType, others } = splitHeaders(headers, who)
  const plan = { status, headers: others, usage: noUsage, origin: { kind: 'extension' as const } }
  if (typeof body === 'string')
    return {
      ...plan,
      contentType: contentType ?? 'text/plain; charset=utf-8',
      body: { kind: 'whole', atMs: afterMs, data: body },
    }
  if (body instanceof Uint8Array)
    return {
      ...plan,
      contentType: contentType ?? 'application/octet-stream',
      body: { kind: 'whole', atMs: afterMs, data: body },
    }
  if (Symbol.asyncIterator in body) {
    const pieces = body as AsyncIterable<string | Uint8Array>
    const source = liveOf(pieces, who)
    return {
      ...plan,
      contentType: contentType ?? 'text/event-stream; charset=utf-8',
      body: { kind: 'live', source, usage: () => undefined },
    }
  }
  const data = extensionJson(body, who)
  return { ...plan, contentType: contentType ?? 'application/json', body: { kind: 'whole', atMs: afterMs, data } }
}

export function extensionJson(value: object, who: string): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    throw new ExtensionError(who, 'its body is no JSON', error)
  }
}

const isAnswer = (answer: unknown): answer is ExtensionAnswer => typeof answer === 'object' && answer !== null

/** What HTTP does not allow would otherwise break the connection. */
export function checkHeader(name: string, value: unknown, who: string): string {
  const text = typeof value === 'number' ? String(value) : value
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof text === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(text))
    return text
  throw new ExtensionError(who, `the header ${JSON.stringify(name)} cannot be sent`)
}

/** The body's length and the connection's affairs are the host's to say. */
const ofTheHost = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date'])

function splitHeaders(headers: Readonly<Record<string, string>>, who: string) {
  const others: Record<string, string> = {}
  let contentType: string | undefined
  for (const [name, value] of Object.entries(headers)) {
    const text = checkHeader(name, value, who)
    const lower = name.toLowerCase()
    if (lower === 'content-type') contentType = text
    else if (!ofTheHost.has(lower)) others[name] = text
  }
  return { contentType, others }
}

function bytesOf(piece: unknown): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece)
  if (piece instanceof Uint8Array) return piece
  throw new TypeError(
    `a piece of a stream is a text or bytes, not ${piece === null ? 'null' : `of type ${typeof piece}`}`,
  )
}

/** Reads no further while it is held up, so that nothing piles up here. */
function liveOf(pieces: AsyncIterable<string | Uint8Array>, who: string): LiveBody {
  const iterator = pieces[Symbol.asyncIterator]()
  const state = { isHeld: false, isCancelled: false, isReading: false }
  let reader: LiveReader | undefined

  const readOn = async () => {
    if (state.isReading) return
    state.isReading = true
    try {
      while (!state.isHeld && !state.isCancelled) {
        const next = await iterator.next()
        if (next.done !== true) reader?.data(bytesOf(next.value))
        else {
          state.isCancelled = true
          reader?.end()
        }
      }
    } catch (error) {
      if (!state.isCancelled) reader?.fail(new ExtensionError(who, 'its stream threw', error))
      state.isCancelled = true
    }
    state.isReading = false
  }
  return {
    start(given) {
      reader = given
      void readOn()
    },
    pause() {
      state.isHeld = true
    },
    resume() {
      state.isHeld = false
      void readOn()
    },
    cancel() {
      if (state.isCancelled) return
      state.isCancelled = true
      // What it throws now, nobody waits for.
      iterator.return?.().catch(() => undefined)
    },
  }
}
