/** The modes of one process, which share its recordings and its connections to the service. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Forwarder } from '../forwarders/forwarder.ts'
import type { Log } from '../base/log.ts'
import type { Recordings } from '../recordings/interaction.ts'
import { createKeeper } from './keeper.ts'
import type { Mode } from './mode.ts'
import { recordMode } from './record.ts'
import { ownFirst } from './own-first.ts'
import { createRelay, type RelayOptions } from './relay.ts'
import { createReplay } from './replay.ts'

export type ModesOptions = {
  readonly recordings: Recordings
  readonly forwarder: Forwarder
  readonly clock: Clock
  readonly log: Log
  readonly generate: Mode
  readonly recording: Pick<Config['recording'], 'durability' | 'maxWaitingBytes'>
  readonly mayKeep: RelayOptions['mayKeep']
  /** Whether an extension has that path forwarded. */
  readonly isForwarded: (path: string) => boolean
}

export type Modes = {
  readonly record: Mode
  readonly replay: Mode
  /** Waits for what is being kept, and writes what is still in memory; says how many documents that were. */
  readonly save: () => Promise<number>
  /** Answers that are in memory alone, or were lost there. */
  readonly unwritten: () => number
  /** Tries nothing again any more. */
  readonly close: () => void
}

export function createModes({
  recordings,
  forwarder,
  clock,
  log,
  generate,
  recording,
  mayKeep,
  isForwarded,
}: ModesOptions): Modes {
  const { durability, maxWaitingBytes: maxBytes } = recording
  const keeper = createKeeper(recordings, { log, clock, durability, maxBytes })
  const settled = () => (keeper.isBusy() ? keeper.settled() : undefined)
  const own = (mode: Mode) => ownFirst(mode, { generate, isForwarded })
  return {
    record: own(recordMode(createRelay({ forwarder, clock, log, keeper, mayKeep }))),
    replay: own(
      createReplay({ recordings, settled, relay: createRelay({ forwarder, clock, log }), generate, clock, log }),
    ),
    save: async () => {
      await keeper.settled()
      return (await keeper.retry()) + (await recordings.save())
    },
    unwritten: () => keeper.unwritten() + recordings.unsaved(),
    close: keeper.close,
  }
}
