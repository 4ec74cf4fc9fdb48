/** The modes of one process, which share its recordings and its connections to the service. */
import type { Clock } from '../clock.ts'
import type { Forwarder } from '../forwarders/forwarder.ts'
import type { Log } from '../log.ts'
import type { Recordings } from '../recordings/interaction.ts'
import { generateMode } from './generate.ts'
import { createKeeper } from './keeper.ts'
import type { Mode } from './mode.ts'
import { recordMode } from './record.ts'
import { createRelay } from './relay.ts'
import { createReplay } from './replay.ts'

export type ModesOptions = {
  readonly recordings: Recordings
  readonly forwarder: Forwarder
  readonly clock: Clock
  readonly log: Log
}

/** What needs no key is the simulator's own: nothing of it is asked of the service, with the service's key at that. */
const openly = ({ recall, plan }: Mode): Mode => ({
  recall: (call, config) => (call.match.operation.isOpen ? undefined : recall?.(call, config)),
  plan: (call, config) => (call.match.operation.isOpen ? generateMode.plan(call, config) : plan(call, config)),
})

export type Modes = {
  readonly record: Mode
  readonly replay: Mode
  /** Waits for what is being kept, and writes what is still in memory; says how many documents that were. */
  readonly save: () => Promise<number>
}

export function createModes({ recordings, forwarder, clock, log }: ModesOptions): Modes {
  const keeper = createKeeper(recordings, log)
  const settled = () => (keeper.isBusy() ? keeper.settled() : undefined)
  return {
    record: openly(recordMode(createRelay({ forwarder, clock, log, keeper }))),
    replay: openly(createReplay({ recordings, settled, relay: createRelay({ forwarder, clock, log }) })),
    save: async () => {
      await keeper.settled()
      return recordings.save()
    },
  }
}
