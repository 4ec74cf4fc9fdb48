/** What the journal tells of a live connection. It goes on while the connection does. */
export type SessionTold = {
  framesIn: number
  framesOut: number
  charactersIn: number
  charactersOut: number
  /** Absent while it is there. */
  lastedMs?: number
  /** With which it was closed. */
  code?: number
}

export const newSession = (): SessionTold => ({ framesIn: 0, framesOut: 0, charactersIn: 0, charactersOut: 0 })
