/**
 * Every error that the service can answer with, by name. Bodies are the service's to the byte where that is known;
 * what is known, and from where, is told beside each.
 */
import type { SimResponse } from './types.ts'

export type ErrorHeaders = Readonly<Record<string, string>>

/** What a client did wrong, or what the simulator was told to do wrong, in the service's own shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly body: string
  readonly headers: ErrorHeaders

  constructor(status: number, body: string, headers: ErrorHeaders = {}) {
    super(body)
    this.status = status
    this.body = body
    this.headers = headers
  }

  /** `base` holds the headers that every answer has. */
  toResponse(base: ErrorHeaders): SimResponse {
    return {
      status: this.status,
      headers: {
        'Content-Length': String(Buffer.byteLength(this.body)),
        'Content-Type': 'application/json',
        ...base,
        ...this.headers,
      },
      body: this.body,
    }
  }
}

const security = {
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
}
