/** The faults that a rule can name; each is a file in `src/sim/faults/`. */
export const faultNames = [
  'cut',
  'end',
  'stall',
  'errorEvent',
  'malformed',
  'truncatedArguments',
  'duplicate',
  'reorder',
  'splitCharacter',
  'trickle',
  'slowHeaders',
  'wrongType',
  'noKeepAlive',
  'refuse',
  'close',
  'expire',
] as const
export type FaultName = (typeof faultNames)[number]

/** Those that happen at a place, last for a while, or come again and again. */
export const placed: readonly FaultName[] = [
  ...(['cut', 'end', 'stall', 'errorEvent', 'malformed', 'truncatedArguments', 'duplicate', 'reorder'] as const),
  ...(['splitCharacter', 'close', 'expire'] as const),
]
export const lasting: readonly FaultName[] = ['stall', 'slowHeaders']
export const repeated: readonly FaultName[] = ['trickle', 'splitCharacter']
/** Those of live connections. */
export const closing: readonly FaultName[] = ['close']
/** Those of events alone. */
export const ofEvents: readonly FaultName[] = ['errorEvent', 'duplicate', 'reorder']
