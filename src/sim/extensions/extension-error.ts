/** An extension's mistake, with its name: it costs the request that it was made for, and nothing else. */
import { reasonOf } from '../base/reason.ts'

export class ExtensionError extends Error {
  override readonly name = 'ExtensionError'

  /** `who` names the extension and its part; `cause` is what it threw. */
  constructor(who: string, what: string, cause?: unknown) {
    super(`${who}: ${what}${cause === undefined ? '' : `: ${reasonOf(cause)}`}`, { cause })
    // Where the extension failed is of use to its author; where it was called from is not.
    if (cause instanceof Error && cause.stack) this.stack = `${this.name}: ${who}: ${what}: ${cause.stack}`
  }
}
