/** What a test sees of the requests that were made. */

/** A request that was made, whose answer has ended. */
export type MadeRequest = {
  readonly id: string
  readonly receivedAt: string
  readonly method: string
  readonly path: string
  readonly resource?: string
  readonly operation?: string
  readonly deployment?: string
  readonly model?: string
  readonly status: number
  readonly stream: boolean
  readonly clientId?: string
  /** By the names of headers: `user-agent`, and what official SDKs say of themselves, as `x-stainless-lang`. */
  readonly client?: Readonly<Record<string, string>>
  /** The same number for requests that came over one connection. */
  readonly connection?: number
  /** Which attempt of its call it was, from 1; absent where that is not clear. */
  readonly attempt?: number
  readonly timing: { readonly plannedMs: number; readonly firstByteMs: number; readonly totalMs: number }
  readonly tokens?: { readonly prompt: number; readonly completion: number }
  /** The rule that had a hand in it. */
  readonly rule?: string
  readonly phase?: string
  readonly why: string
  /** What was asked, where bodies are kept, as they are in sessions. */
  readonly request?: {
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly isCut?: true
  }
  readonly response?: { readonly body?: unknown; readonly isCut?: true }
}

export type RequestFilter = {
  readonly deployment?: string
  readonly operation?: string
  readonly status?: number
  readonly clientId?: string
  /** A text of what the client says of itself. */
  readonly client?: string
  readonly connection?: number
  readonly attempt?: number
  readonly rule?: string
  readonly phase?: string
  /** A text that stands in what was asked, or a pattern. */
  readonly body?: string
  readonly limit?: number
}
