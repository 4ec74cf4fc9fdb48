import { inAddress } from '../base/text-of.ts'
import type { Limits } from './charge.ts'
import type { StrategyName } from './strategies/index.ts'

/** Where instances count together. What is counted there, and how, is the script's business. */
export type SharedCounts = {
  /** As a person knows it, without what is secret. */
  readonly label: string
  /** `starting` until it is known for the first time whether counts can be shared; `away` while they cannot. */
  readonly state: () => 'starting' | 'shared' | 'away'
  /** Resolves when it is no longer `starting`, which is within seconds. Never rejects. */
  readonly started: Promise<void>
  /**
   * Runs the script with one command or several, and gives a list of their answers. Rejects where none comes in time,
   * whatever the reason.
   */
  readonly run: (keys: readonly string[], args: readonly string[]) => Promise<unknown>
  /** One more under that name, which is forgotten when it is left alone for so long. Rejects as `run` does. */
  readonly increment: (key: string, lifetimeMs: number) => Promise<number>
  /** Lets what was sent arrive, within bounds, and closes the connection. */
  readonly close: () => Promise<void>
}

/** What an operator, a metric and the log are told: the first of each outage, and its end. */
export type SharedCountsEvent =
  | { readonly kind: 'away'; readonly label: string; readonly reason: string }
  | { readonly kind: 'shared'; readonly label: string; readonly awayMs: number | undefined }

/**
 * The keys of one deployment, as the script wants them. In braces is what decides on the place in a cluster, so that
 * they are together.
 */
export function countKeysOf(prefix: string, name: string): readonly string[] {
  const start = `${prefix}:{=${inAddress(name)}}:`
  return [`${start}windows`, `${start}tokens`, `${start}slice`, `${start}requests`]
}

/** A command of the script, as its arguments. */
export const commandOf = (
  command: 'admit' | 'take',
  strategy: StrategyName,
  amount: number,
  { tokens = -1, requests, sliceRequests, periodMs }: Limits,
): string[] => [command, strategy, ...[amount, tokens, requests, sliceRequests, periodMs].map((one) => String(one))]

/** Of a command that asks about none. */
export const noLimits: Limits = { tokens: undefined, requests: 0, sliceRequests: 0, periodMs: 0 }
