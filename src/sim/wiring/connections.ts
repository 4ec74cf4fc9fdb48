/** What a configuration opens besides the app itself: stores and connections, each when it is needed. */
import type { Clock } from '../clock.ts'
import { defaultResource } from '../base/default-resource.ts'
import type { Config } from '../config/config.ts'
import type { ExtensionHooks } from '../extensions/hooks.ts'
import { createForwarder } from '../forwarders/azure-openai.ts'
import { createLimiter, type Limiter } from '../limits/limiter.ts'
import { redisCounts } from '../limits/redis-counts.ts'
import { createSharedLimiter } from '../limits/shared-limiter.ts'
import type { SharedCounts, SharedCountsEvent } from '../limits/shared-counts.ts'
import type { Log } from '../base/log.ts'
import { atOnce, generateMode, generateWith } from '../modes/generate.ts'
import type { Mode } from '../modes/mode.ts'
import { createModes, type Modes } from '../modes/modes.ts'
import type { Random } from '../random.ts'
import { blobStore } from '../recordings/blob-store.ts'
import { fileStore } from '../recordings/file-store.ts'
import type { Desk, Recordings } from '../recordings/interaction.ts'
import { reasonOf } from '../base/reason.ts'
import { StoreError } from '../storage/store-error.ts'
import { createRecordings } from '../recordings/recordings.ts'
import { blobPlace } from '../state/blob-place.ts'
import { blobState } from '../state/blob-state.ts'
import { folderPlace } from '../state/folder-place.ts'
import { folderState } from '../state/folder-state.ts'
import { type KeptPlace, nameOf } from '../state/kept-place.ts'
import type { StateStore } from '../state/store.ts'

type Parts = { readonly clock: Clock; readonly log: Log; readonly random: Random }

export type OpenModes = {
  readonly of: (config: Config) => Mode
  /** Answers by itself, whatever the mode. */
  readonly generate: Mode
  /** Generates without a wait and without a stream. */
  readonly atOnce: Mode
  /** Documents as a person looks at them. */
  readonly desk: (config: Config) => Desk
  /** Writes what was recorded and is not kept yet; says how many documents that were. */
  readonly save: (config: Config) => Promise<number>
  /** The same where anything was opened, and closes connections. Throws a `StoreError` that says what is lost. */
  readonly close: () => Promise<void>
}

type Given = {
  /** In place of those that the configuration names. */
  readonly recordings: Recordings | undefined
  readonly hooks: ExtensionHooks | undefined
}

/** Nothing of recordings is opened in a process that only generates. */
export function openModes({ clock, log }: Parts, { recordings, hooks }: Given): OpenModes {
  const forwarder = createForwarder({ clock, log, destinationFor: hooks?.destinationFor })
  const generate = hooks ? generateWith(hooks) : generateMode
  let modes: Modes | undefined
  let opened = recordings
  const recordingsOf = (config: Config) => (opened ??= openRecordings(config, clock, log))
  const open = (config: Config) =>
    (modes ??= createModes({
      recordings: recordingsOf(config),
      forwarder,
      clock,
      log,
      generate,
      recording: config.recording,
      mayKeep: hooks?.mayKeep,
      isForwarded: hooks?.isForwarded ?? (() => false),
    }))
  return {
    of: (config) => (config.mode === 'generate' ? generate : open(config)[config.mode]),
    generate,
    atOnce: atOnce(generate),
    desk: (config) => recordingsOf(config).desk,
    save: (config) => open(config).save(),
    async close() {
      const failure = await modes?.save().then(
        () => undefined,
        (error: unknown) => `: ${reasonOf(error)}`,
      )
      modes?.close()
      forwarder.close()
      const count = modes?.unwritten() ?? 0
      const answers = count === 1 ? '1 answer was' : `${count} answers were`
      if (count > 0 || failure !== undefined) throw new StoreError(`${answers} not recorded${failure ?? ''}`)
    },
  }
}

function openRecordings({ recording }: Config, clock: Clock, log: Log): Recordings {
  const { dir, match, keep, autosave, maxWaitingBytes } = recording
  const address = addressOf(recording)
  const store = address ? blobStore({ address, clock }) : fileStore(dir, clock)
  const left = (count: number) => log.info(`${count} files were removed that killed processes left in ${store.label}.`)
  void store.sweep?.().then((count) => count > 0 && left(count))
  return createRecordings({ store, clock, match, keep, autosave, maxHeldBytes: maxWaitingBytes, log })
}

/** Undefined where nothing is shared. */
export function openState({ state }: Config, clock: Clock): StateStore | undefined {
  const address = addressOf(state)
  if (address) return blobState({ address, clock })
  return state.dir === undefined ? undefined : folderState(state.dir)
}

/** Where what clients leave at a resource survives; undefined where it lives in memory alone. */
export function openPlaces({ state }: Config, clock: Clock): ((resource: string) => KeptPlace) | undefined {
  if (state.kept === 'off') return undefined
  const address = addressOf(state)
  const { dir } = state
  if (address) return (resource) => blobPlace(address, nameOf(resource.toLowerCase()), clock)
  return dir === undefined ? undefined : (resource) => folderPlace(dir, nameOf(resource.toLowerCase()), clock)
}

function addressOf({ containerUrl, connectionString, container }: Config['recording' | 'state']) {
  if (containerUrl !== undefined) return { containerUrl }
  return connectionString === undefined ? undefined : { connectionString, container }
}

/** Where limits are counted, for whoever shows or measures it. */
export type LimiterStatus = {
  /** `instance` where nothing else was asked for. */
  readonly counted: 'instance' | 'redis' | 'instance, as redis is unreachable'
  /** Calls that this instance has counted alone although it was to share its counts. */
  readonly countedAlone: number
}

export type OpenLimits = {
  /** Counts of a resource by themselves. */
  readonly of: (resource: string) => Limiter
  /** Where other counts than limits may be shared; absent where nothing is. */
  readonly counts: SharedCounts | undefined
  readonly status: () => LimiterStatus
  readonly close: () => Promise<void>
}

export type LimiterEvents = { readonly onEvent?: ((event: SharedCountsEvent) => void) | undefined }

/** Whether counts are shared is decided at the start. */
export function openLimits(
  { clock, log, random, onEvent }: Parts & LimiterEvents,
  { url, ...redis }: Config['redis'],
): OpenLimits {
  if (url === undefined) {
    const status: LimiterStatus = { counted: 'instance', countedAlone: 0 }
    return {
      of: () => createLimiter({ clock }),
      counts: undefined,
      status: () => status,
      close: () => Promise.resolve(),
    }
  }
  let aloneBefore = 0
  const counts: SharedCounts = redisCounts({
    redis: { url, ...redis },
    clock,
    random,
    onEvent: (event) => {
      if (event.kind === 'away') {
        aloneBefore = limiter.countedAlone()
        log.warn(
          `Redis at ${event.label} is unreachable (${event.reason}): this instance counts limits locally until it returns.`,
        )
      } else if (event.awayMs !== undefined) {
        const alone = limiter.countedAlone() - aloneBefore
        const seconds = (event.awayMs / 1_000).toFixed(1)
        log.info(`Redis at ${event.label} counts limits again, after ${seconds} s and ${alone} calls counted alone.`)
      }
      onEvent?.(event)
    },
  })
  const limiter = createSharedLimiter({ clock, counts })
  return {
    of: (resource) => {
      if (resource === defaultResource) return limiter
      const made = createSharedLimiter({ clock, counts, prefix: `aoai-sim:${resource}` })
      return made
    },
    counts,
    status: () => ({
      counted: counts.state() === 'shared' ? 'redis' : 'instance, as redis is unreachable',
      countedAlone: limiter.countedAlone(),
    }),
    close: counts.close,
  }
}
