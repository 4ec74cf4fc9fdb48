/** One token after the other: when each of them is there. */
import type { Random } from '../random.ts'
import type { Latency, Spread } from '../types.ts'
import { draw } from './spread.ts'

/**
 * Milliseconds from the request's arrival to each unit in turn. A draw below zero shortens what follows, so the mean
 * stays exactly what was asked for; times never go back.
 */
export class UnitTimes {
  private dueMs = 0
  /** When the last unit comes that was asked for. */
  latestMs = 0
  private spread: Spread
  private readonly unitMs: Spread
  private readonly random: Random

  constructor({ firstMs, unitMs }: Latency, random: Random) {
    this.spread = firstMs ?? unitMs
    this.unitMs = unitMs
    this.random = random
  }

  nextMs(): number {
    this.dueMs += draw(this.spread, this.random)
    this.spread = this.unitMs
    if (this.dueMs > this.latestMs) this.latestMs = this.dueMs
    return this.latestMs
  }
}
