/** What is told of an answer aloud when it has ended: whether whoever listens as it comes heard it without a break. */
export type Spoken = {
  readonly deployment: string
  readonly model: string
  /** How long it takes to hear. */
  readonly soundMs: number
  /** How often it had been played to its end before more of it was there, and how long that was silence, in all. */
  readonly gaps: number
  readonly gapMs: number
}
