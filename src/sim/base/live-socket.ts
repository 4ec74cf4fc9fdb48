/** The two ends of a live connection: the host's, and the simulator's. */
import type { Flight } from './flight.ts'

/** Whether a client reads what it is told. */
export type LiveRoom = {
  /** So much is to leave that nothing more should be made before it has. */
  readonly isFull: () => boolean
  /** Goes on when it has left, and never where the connection ends before. */
  readonly onDrain: (goOn: () => void) => void
}

/** The client's end of a live connection, as the host has it. */
export type LiveSocket = LiveRoom & {
  readonly send: (text: string) => void
  readonly close: (code: number, reason: string) => void
  /** Breaks the connection off without a word. */
  readonly cut: () => void
}

/** The simulator's end. */
export type LiveSession = {
  /** A promise where it takes a while: the next message waits for it. It never rejects. */
  readonly message: (text: string) => void | Promise<void>
  /** Its time is up. */
  readonly expire?: () => void
  /** With that code, where the host knows it. */
  readonly closed: (code?: number) => void
  /** In which long messages count, and what waits to leave. */
  readonly flight?: Flight
}

/** Begins when the host has the connection. */
export type OpenSession = (socket: LiveSocket) => LiveSession
