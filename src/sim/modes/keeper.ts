/** Keeps answers: before they end, or beside the answering. No client hears of it where that fails; it is tried again. */
import type { Clock } from '../clock.ts'
import type { Log } from '../base/log.ts'
import { reasonOf } from '../base/reason.ts'
import type { Interaction, Recordings, Sought } from '../recordings/interaction.ts'
import type { Usage, Wire } from '../types.ts'
import { keptRequest, soughtOf } from './kept-form.ts'

export type Answered = {
  readonly wire: Wire
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly contentType: string
  /** Made when there is time for it. */
  readonly body: () => Interaction['response']['body']
  readonly bytes: number
  readonly usage: Usage | undefined
  readonly receivedAtMs: number
  readonly endedAtMs: number
  /** Keys that must not be read in a recording. */
  readonly keys: readonly string[]
}

export type Keeper = {
  /** Resolves, where there is something to wait for, when the answer may end. */
  readonly keep: (answered: Answered) => Promise<void> | undefined
  /** Resolves when nothing is being written any more. */
  readonly settled: () => Promise<void>
  readonly isBusy: () => boolean
  /** Tries at once what failed before. Throws where something of it fails again. */
  readonly retry: () => Promise<number>
  /** Of answers that could not be written: those that are still tried, and those that are not. */
  readonly unwritten: () => number
  /** Tries nothing any more. */
  readonly close: () => void
}

export type KeeperOptions = {
  readonly log: Log
  readonly clock: Clock
  readonly durability: 'before-end' | 'soon'
  /** Of all that waits to be written. Beyond it an answer waits for its document. */
  readonly maxBytes: number
}

const firstRetryMs = 1_000
const maxRetryMs = 60_000

type Failed = { readonly interaction: Interaction; readonly sought: Sought; readonly bytes: number }

export function createKeeper(
  recordings: Pick<Recordings, 'add'>,
  { log, clock, durability, maxBytes }: KeeperOptions,
): Keeper {
  const writes = new Set<Promise<void>>()
  const failed: Failed[] = []
  let waitingBytes = 0
  let lost = 0
  /** Whether some were lost since the last that was written. */
  let isFull = false
  let retryMs = firstRetryMs
  let retrying: Promise<number> | undefined
  const timer = clock.timer(() => void retry().catch(() => undefined))

  const write = async (answered: Answered) => {
    // The answer goes out first: to make the document takes longer than to send it.
    if (durability === 'soon') await new Promise((resolve) => setImmediate(resolve))
    const { wire } = answered
    const bytes = sizeOf(answered)
    const made = { interaction: interactionOf(answered), sought: soughtOf(wire), bytes }
    try {
      await recordings.add(made.interaction, made.sought)
      waitingBytes -= bytes
      isFull = false
    } catch (error) {
      const what = `The answer to ${wire.method} ${wire.target.path} was not recorded`
      if (waitingBytes > maxBytes) {
        waitingBytes -= bytes
        lost++
        if (!isFull) log.error(`${what}, nor are those behind it: too many wait to be tried again: ${reasonOf(error)}`)
        isFull = true
        return
      }
      if (failed.length === 0) {
        log.error(`${what}, and is tried again: ${reasonOf(error)}`)
        timer.set(clock.now() + retryMs)
      }
      failed.push(made)
    }
  }

  const tryAgain = async (): Promise<number> => {
    let count = 0
    try {
      // In their order, one by one: what failed is likely to fail once more.
      for (let next = failed[0]; next; next = failed[0]) {
        await recordings.add(next.interaction, next.sought)
        failed.shift()
        waitingBytes -= next.bytes
        count++
      }
      retryMs = firstRetryMs
      return count
    } catch (error) {
      retryMs = Math.min(2 * retryMs, maxRetryMs)
      timer.set(clock.now() + retryMs)
      throw error
    } finally {
      if (count > 0)
        log.info(`${count === 1 ? '1 answer is' : `${count} answers are`} recorded that could not be before.`)
    }
  }
  const retry = () => (retrying ??= tryAgain().finally(() => (retrying = undefined)))

  return {
    keep(answered) {
      waitingBytes += sizeOf(answered)
      const written = write(answered).finally(() => writes.delete(written))
      writes.add(written)
      return durability === 'before-end' || waitingBytes > maxBytes ? written : undefined
    },
    async settled() {
      while (writes.size > 0) await Promise.all(writes)
    },
    isBusy: () => writes.size > 0,
    retry,
    unwritten: () => failed.length + lost,
    close: () => timer.cancel(),
  }
}

const sizeOf = ({ bytes, wire }: Answered) => bytes + wire.bytes.length + wire.target.path.length

function interactionOf(answered: Answered): Interaction {
  const { wire, status, headers, contentType, body, usage, receivedAtMs, endedAtMs, keys } = answered
  return {
    request: keptRequest(wire, keys),
    response: {
      status,
      headers: contentType === '' ? headers : { 'content-type': contentType, ...headers },
      body: body(),
    },
    durationMs: Math.round((endedAtMs - receivedAtMs) * 10) / 10,
    usage,
    recordedAt: new Date(receivedAtMs).toISOString(),
  }
}
