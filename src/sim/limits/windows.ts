import type { Limits } from './charge.ts'
import { SlidingWindow } from './strategies/sliding-window.ts'
import { type StrategyName, strategies } from './strategies/index.ts'
import { type Left, minuteMs, type Waits } from './strategies/strategy.ts'

const all = Object.keys(strategies) as StrategyName[]

/**
 * What one deployment has used of late, as each strategy counts it. All of them are told of everything that is
 * admitted, so that another strategy or another limit goes on from there.
 */
export class Windows {
  #lastMs = -Infinity
  readonly #minuteRequests = new SlidingWindow(minuteMs)
  readonly #counts = byName((name) => strategies[name].counts(this.#minuteRequests))
  /** By the strategy that a call is counted by: itself, and the others that are told of it. */
  readonly #told = byName((chosen) => all.filter((name) => isTold(name, chosen)).map((name) => this.#counts[name]))

  /** The whole millisecond that counts for `atMs`: a call whose body took long may come after one that arrived later. */
  moment(atMs: number): number {
    this.#lastMs = Math.max(this.#lastMs, Math.floor(atMs))
    return this.#lastMs
  }

  waits(ms: number, amount: number, limits: Limits, chosen: StrategyName): Waits {
    return this.#counts[chosen].waits(ms, amount, limits)
  }

  admit(ms: number, amount: number, limits: Limits, chosen: StrategyName): void {
    if (!isAlone(chosen)) this.#minuteRequests.add(ms, 1)
    for (const counts of this.#told[chosen]) counts.admit(ms, limits)
    this.take(ms, amount, chosen)
  }

  /** Takes tokens alone, whatever the limits are by now. */
  take(ms: number, amount: number, chosen: StrategyName): void {
    const own = this.#counts[chosen]
    for (const counts of this.#told[chosen]) counts.take(ms, amount, counts === own)
  }

  /** Gives the waits after that. */
  refuse(ms: number, limits: Limits, before: Waits, chosen: StrategyName): Waits {
    return this.#counts[chosen].refuse?.(ms, limits) ?? before
  }

  left(ms: number, limits: Limits, chosen: StrategyName): Left {
    return this.#counts[chosen].left(ms, limits)
  }

  /** Whether nothing would be lost with it. */
  isIdle(atMs: number): boolean {
    const ms = this.moment(atMs)
    return this.#minuteRequests.used(ms) === 0 && all.every((name) => this.#counts[name].isIdle(ms))
  }
}

const byName = <Of>(make: (name: StrategyName) => Of) =>
  Object.fromEntries(all.map((name) => [name, make(name)])) as Record<StrategyName, Of>

const isAlone = (name: StrategyName): boolean => strategies[name].isAlone === true

const isTold = (name: StrategyName, chosen: StrategyName): boolean =>
  name === chosen || !(isAlone(name) || isAlone(chosen))
