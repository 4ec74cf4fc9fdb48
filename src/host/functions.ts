/**
 * The Azure Functions host. It converts, and keeps the library's promise for it: with streaming on, a handler that
 * throws, returns nothing, or whose body fails leaves the client without an answer for minutes
 * (Azure/azure-functions-nodejs-library#324).
 */
import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { SimResponse } from '../sim/index.ts'
import type { Served } from './served.ts'
import { dropAnswer } from '../sim/index.ts'
import { failure } from './served.ts'
import { toReadableStream } from './web-stream.ts'

/** Its result never rejects and is never empty. */
export const toFunctionHandler =
  (simulator: Served): HttpHandler =>
  async (request) => {
    try {
      const answer = await simulator.handle({
        method: request.method,
        // Not `request.query` nor `request.params`: the host mixes members of the body into them.
        url: request.url,
        headers: request.headers,
        bytes: (maxBytes) => readBytes(request, maxBytes),
      })
      try {
        assertSendable(answer)
      } catch {
        dropAnswer(answer)
        return toInit(failure())
      }
      return toInit(answer)
    } catch {
      return toInit(failure())
    }
  }

function toInit({ status, headers, body }: SimResponse): HttpResponseInit {
  return { status, headers, body: typeof body === 'function' ? toReadableStream(body) : body }
}

/** Throws here what the library would throw where nobody catches it. */
function assertSendable({ status, headers }: SimResponse): void {
  // The range that the web's `Response`, which the library makes, accepts.
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`status ${status}`)
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  }
}

async function readBytes(request: HttpRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    return Number(declared) > maxBytes ? undefined : new Uint8Array(await request.arrayBuffer())
  }
  return readChunked(request, maxBytes)
}

/**
 * Of a body that is longer than it may be the rest is read and dropped. To cancel it would close the connection that
 * the answer has to take; the host itself bounds it at 100 MB.
 */
async function readChunked(request: HttpRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  if (request.body === null) return new Uint8Array(0)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request.body as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size <= maxBytes) pieces.push(piece)
    else pieces.length = 0
  }
  return size > maxBytes ? undefined : Buffer.concat(pieces, size)
}
