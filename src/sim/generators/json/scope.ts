/** What goes along while one value is drawn. */
import type { Random } from '../../random.ts'
import type { Depths } from './min-depths.ts'
import type { Budget, Json } from './value.ts'

export type Scope = {
  readonly root: unknown
  readonly random: Random
  readonly depthOf: Depths
  readonly budget: Budget
  retriesLeft: number
  readonly draw: (schema: unknown, place: Place) => Json
  readonly judges: (value: unknown, schema: unknown) => boolean
}

/** Where in the value to be drawn it is. */
export type Place = {
  readonly depth: number
  /** Of the nearest property. */
  readonly name: string
  /** Those that were followed on the way here. */
  readonly references: readonly string[]
  /** One of them was followed twice. */
  readonly isRecursive: boolean
}

/** What one value may cost, in parts of schemas that are looked at. */
export const stepsEach = 20_000
/** From here on only what has to be there is drawn: after so much work, or so deep. */
const amplySteps = stepsEach - 1_500
const amplyDeep = 6

/** Whether no more is to be drawn than must be. */
export const isScarce = ({ budget }: Scope, { depth, isRecursive }: Place): boolean =>
  isRecursive || depth >= amplyDeep || budget.steps < amplySteps
