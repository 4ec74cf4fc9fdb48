/** Counts of a strategy with a window of a minute for tokens and one of a slice for requests, of whichever kind. */
import type { FixedWindow } from './fixed-window.ts'
import type { SlidingWindow } from './sliding-window.ts'
import { minuteMs, minuteWaitMs, requestsLeft, sliceMs, type Strategy } from './strategy.ts'

type Window = Pick<FixedWindow & SlidingWindow, 'waitMs' | 'add' | 'used' | 'clearsInMs'>

/** `open` makes a window of that length. */
export const windowed =
  (open: (lengthMs: number) => Window): Strategy['counts'] =>
  (minuteRequests) => {
    const tokens = open(minuteMs)
    const slice = open(sliceMs)
    return {
      waits: (ms, amount, limits) => ({
        tokensMs: limits.tokens === undefined ? 0 : tokens.waitMs(ms, amount, limits.tokens),
        requestsMs: Math.max(slice.waitMs(ms, 1, limits.sliceRequests), minuteWaitMs(minuteRequests, ms, limits)),
      }),
      admit: (ms) => slice.add(ms, 1),
      take: (ms, amount) => tokens.add(ms, amount),
      left: (ms, limits) => ({
        remainingTokens: (limits.tokens ?? 0) - tokens.used(ms),
        resetTokensMs: tokens.clearsInMs(ms),
        ...requestsLeft(limits.periodMs < minuteMs ? slice : minuteRequests, ms, limits),
      }),
      isIdle: (ms) => tokens.used(ms) === 0,
    }
  }
