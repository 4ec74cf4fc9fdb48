import type { Config } from '../config/config.ts'
import type { LiveBody, Wire } from '../types.ts'
import type { Dialled } from './service-socket.ts'

/** Asks a real service. */
export type Forwarder = {
  /**
   * Resolves with the head of the answer, whatever its status. Rejects with an `ApiError` that the client can be
   * answered with where there is none. `signal` ends the request, also once the answer has begun.
   */
  readonly forward: (wire: Wire, to: Config['forward'], signal: AbortSignal | undefined) => Promise<ServiceAnswer>
  /** The same for a live connection. */
  readonly dial: (wire: Wire, to: Config['forward'], signal: AbortSignal | undefined) => Promise<Dialled>
  /** Closes idle connections. */
  readonly close: () => void
}

/** Where some paths go in place of the service, and what signs them in there. */
export type Destination = { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> }

export type ServiceAnswer = {
  readonly status: number
  /** Empty where the service names none. */
  readonly contentType: string
  /** All that are the service's and not the connection's, as spelt there, but for the content type. */
  readonly headers: Readonly<Record<string, string>>
  /** False where only the end of the connection ends the body: then nobody can tell whether it is whole. */
  readonly isFramed: boolean
  readonly body: LiveBody
}
