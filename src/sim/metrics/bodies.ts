/** What was asked and what was answered, by the request's id: each bounded, and all of the process together. */
import type { SimRequest, SimResponse, Sink } from '../types.ts'

/** Longer ones are kept without what is behind. */
const maxBytesEach = 1_048_576

type Headers = readonly (readonly [name: string, value: string])[]

/** A body as far as it was kept. */
export type KeptBody = { readonly bytes: Uint8Array; readonly isCut: boolean }

export type Exchanged = {
  readonly asked: { readonly headers: Headers; readonly contentType: string; readonly body: KeptBody | undefined }
  readonly answered: { readonly contentType: string; readonly body: KeptBody } | undefined
}

class Record {
  readonly of: Map<string, Record>
  readonly id: string
  readonly headers: Headers
  asked: KeptBody | undefined
  answerType = ''
  answer: Part | undefined
  bytes = 0

  constructor(of: Map<string, Record>, id: string, headers: Headers) {
    this.of = of
    this.id = id
    this.headers = headers
  }
}

/** The pieces of a body as they come. */
class Part {
  readonly chunks: Uint8Array[] = []
  bytes = 0
  isCut = false

  /** Gives how many bytes of it are kept. */
  add(chunk: string | Uint8Array): number {
    const all = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    const room = maxBytesEach - this.bytes
    if (all.length > room) this.isCut = true
    if (all.length === 0 || room === 0) return 0
    // A copy: what was given may be used again.
    const kept = Uint8Array.from(all.length > room ? all.subarray(0, room) : all)
    this.chunks.push(kept)
    this.bytes += kept.length
    return kept.length
  }

  body(): KeptBody {
    return { bytes: Buffer.concat(this.chunks), isCut: this.isCut }
  }
}

/** What all resources of a process share: the oldest record of any of them goes first. */
export class BodyRoom {
  readonly #maxBytes: number
  readonly #records = new Set<Record>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  open(record: Record): void {
    this.#records.add(record)
    record.of.set(record.id, record)
    this.take(record, recordBytes)
  }

  take(record: Record, bytes: number): void {
    if (!this.#records.has(record)) return
    record.bytes += bytes
    this.#bytes += bytes
    for (const oldest of this.#records) {
      if (this.#bytes <= this.#maxBytes) return
      this.drop(oldest)
    }
  }

  drop(record: Record): void {
    if (!this.#records.delete(record)) return
    this.#bytes -= record.bytes
    record.of.delete(record.id)
  }
}

/** About what a record takes by itself. */
const recordBytes = 500

/** Those of one resource. */
export class Bodies {
  readonly #room: BodyRoom
  readonly #records = new Map<string, Record>()

  constructor(room: BodyRoom) {
    this.#room = room
  }

  /** The same request; what is read of it is kept. */
  heard(request: SimRequest, id: string): SimRequest {
    const headers: [string, string][] = []
    request.headers.forEach?.((value, name) => headers.push([name.toLowerCase(), value]))
    const record = new Record(this.#records, id, headers)
    this.#room.open(record)
    const { method, url, base, onGone } = request
    const bytes: SimRequest['bytes'] = async (maxBytes, flight) => {
      const read = await request.bytes(maxBytes, flight)
      if (read) {
        const part = new Part()
        this.#room.take(record, part.add(read))
        record.asked = part.body()
      }
      return read
    }
    const same = {
      method,
      url,
      headers: request.headers,
      bytes,
      ...(base !== undefined && { base }),
      ...(onGone && { onGone: (run: () => void) => request.onGone?.(run) ?? (() => undefined) }),
    }
    // Hosts make the signal when it is asked for, and only then.
    return Object.defineProperties(same, {
      signal: { get: () => request.signal },
      connection: { get: () => request.connection },
    })
  }

  /** The same answer; what is sent of it is kept. */
  answered(answer: SimResponse, id: string): SimResponse {
    const record = this.#records.get(id)
    if (!record) return answer
    const { body, headers } = answer
    const part = new Part()
    record.answer = part
    record.answerType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
    const add = (chunk: string | Uint8Array) => this.#room.take(record, part.add(chunk))
    if (typeof body === 'function') return { ...answer, body: (sink) => body(heardBy(sink, add)) }
    if (body !== undefined) add(body)
    return answer
  }

  of(id: string): Exchanged | undefined {
    const record = this.#records.get(id)
    return (
      record && {
        asked: {
          headers: record.headers,
          contentType: record.headers.find(([name]) => name === 'content-type')?.[1] ?? '',
          body: record.asked,
        },
        answered: record.answer && { contentType: record.answerType, body: record.answer.body() },
      }
    )
  }

  clear(): void {
    for (const record of this.#records.values()) this.#room.drop(record)
  }
}

/** A sink that tells of what is written. */
function heardBy(sink: Sink, add: (chunk: string | Uint8Array) => void): Sink {
  const heard: Sink = {
    write(chunk, isAscii) {
      add(chunk)
      return sink.write(chunk, isAscii)
    },
    onDrain: (resume) => sink.onDrain(resume),
    end: () => sink.end(),
    onClose: (stop) => sink.onClose(stop),
  }
  // Whether it is there says what the host can do.
  return sink.cut ? { ...heard, cut: () => sink.cut?.() } : heard
}
