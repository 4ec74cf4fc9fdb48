/** Where an answer comes from. */
export type Origin = {
  readonly kind: 'generated' | 'replayed' | 'missed' | 'recorded' | 'forwarded' | 'extension'
  /** Its document is written when it has ended, or later. */
  readonly isWrittenLater?: boolean
  /** Name of the document that it was read from, or is written to; made when it is asked for. */
  readonly recording?: () => string | undefined
}
