/** What every host is given to serve, and what a host answers where that fails in a way it should not. */
import type { SimResponse, Simulator } from '../sim/index.ts'

/** The app as a host sees it. */
export type Served = Pick<Simulator, 'handle'> & Partial<Pick<Simulator, 'knowsHost'>>

/** An answer of a host's own, in the shape of the service's gateway. */
export function refusal(status: number, message: string): SimResponse & { readonly body: string } {
  const body = JSON.stringify({ error: { code: String(status), message } })
  return {
    status,
    headers: { 'Content-Length': String(Buffer.byteLength(body)), 'Content-Type': 'application/json' },
    body,
  }
}

/** For what must not happen; it says nothing of the cause, which is the operator's business and not the client's. */
export const failure = () => refusal(500, 'The simulator failed to answer this request.')
