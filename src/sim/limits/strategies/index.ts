/** The list of strategies: the name by which settings choose one, and what it is. */
import { fixed } from './fixed.ts'
import { leaky } from './leaky.ts'
import { sliding } from './sliding.ts'
import { utilization } from './utilization.ts'
import type { Strategy } from './strategy.ts'

const list = { sliding, fixed, leaky, utilization } satisfies Record<string, Strategy>

export type StrategyName = keyof typeof list
export const strategies: Readonly<Record<StrategyName, Strategy>> = list
