/** The two ends of a live connection: the host's, and the simulator's. */

/** The client's end of a live connection, as the host has it. */
export type LiveSocket = {
  readonly send: (text: string) => void
  readonly close: (code: number, reason: string) => void
  /** Breaks the connection off without a word. */
  readonly cut: () => void
  /** What was sent and has not left yet. */
  readonly bufferedBytes: () => number
}

/** The simulator's end. */
export type LiveSession = {
  readonly message: (text: string) => void
  /** Its time is up. */
  readonly expire?: () => void
  /** With that code, where the host knows it. */
  readonly closed: (code?: number) => void
}

/** Begins when the host has the connection. */
export type OpenSession = (socket: LiveSocket) => LiveSession
