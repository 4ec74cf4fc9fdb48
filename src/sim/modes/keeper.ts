/** Keeps answers, beside the answering: no client waits for it, and no client hears of it where it fails. */
import type { Log } from '../base/log.ts'
import type { Interaction, Recordings } from '../recordings/interaction.ts'
import type { Usage, Wire } from '../types.ts'
import { keptRequest, soughtOf } from './kept-form.ts'
import { reasonOf } from '../base/reason.ts'

export type Answered = {
  readonly wire: Wire
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly contentType: string
  /** Made when there is time for it. */
  readonly body: () => Interaction['response']['body']
  readonly usage: Usage | undefined
  readonly receivedAtMs: number
  readonly endedAtMs: number
  /** Keys that must not be read in a recording. */
  readonly keys: readonly string[]
}

export type Keeper = {
  readonly keep: (answered: Answered) => void
  /** Resolves when nothing is being written any more. */
  readonly settled: () => Promise<void>
  readonly isBusy: () => boolean
}

export function createKeeper(recordings: Recordings, log: Log): Keeper {
  const writes = new Set<Promise<void>>()

  const write = async (answered: Answered) => {
    // The answer goes out first: to make the document takes longer than to send it.
    await new Promise((resolve) => setImmediate(resolve))
    const { wire } = answered
    try {
      await recordings.add(interactionOf(answered), soughtOf(wire))
    } catch (error) {
      const reason = reasonOf(error)
      log.error(`The answer to ${wire.method} ${wire.target.path} was not recorded: ${reason}`)
    }
  }
  return {
    keep(answered) {
      const written = write(answered).finally(() => writes.delete(written))
      writes.add(written)
    },
    async settled() {
      while (writes.size > 0) await Promise.all(writes)
    },
    isBusy: () => writes.size > 0,
  }
}

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
