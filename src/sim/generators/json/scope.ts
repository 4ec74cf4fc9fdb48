/** What goes along while one value is drawn. */
import type { Random } from '../../random.ts'
import type { Json } from './value.ts'
import type { Work } from './work.ts'

export type Scope = {
  readonly root: unknown
  readonly random: Random
  readonly depthOf: (schema: unknown) => number
  readonly work: Work
  /** Where no more steps than these are left, only what has to be there is drawn. */
  readonly scarceSteps: number
  retriesLeft: number
  readonly draw: (schema: unknown, place: ValuePlace) => Json
  readonly judges: (value: unknown, schema: unknown) => boolean
}

/** Where in the value to be drawn it is. */
export type ValuePlace = {
  readonly depth: number
  /** Of the nearest property. */
  readonly name: string
  /** Those that were followed on the way here. */
  readonly references: readonly string[]
  /** One of them was followed twice. */
  readonly isRecursive: boolean
}

/** From here on only what has to be there is drawn: after so much work, or so deep. */
export const amplySteps = 30_000
const amplyDeep = 6

/** Whether no more is to be drawn than must be. */
export const isScarce = ({ work, scarceSteps }: Scope, { depth, isRecursive }: ValuePlace): boolean =>
  isRecursive || depth >= amplyDeep || work.steps < scarceSteps
