/** The two ways to pass a body on while it arrives: event by event, or as bytes. */
import type { Clock } from '../clock.ts'
import { ApiError } from '../errors.ts'
import type { Log } from '../base/log.ts'
import type { RecordedEvent } from '../recordings/interaction.ts'
import type { LiveBody } from '../types.ts'
import { EventSplitter } from '../base/event-splitter.ts'
import { toData } from './kept-form.ts'
import { isErrorEvent } from './usage-of-answer.ts'

type Context = {
  readonly clock: Clock
  readonly log: Log
  readonly receivedAtMs: number
  /** Method and path, for the log. */
  readonly what: string
}

/** More than this of one answer is passed on but not kept. */
const maxKeptBytes = 67_108_864

/**
 * Only whole events go on, so that an event which tells of a break can follow them. `onWhole` is told of a stream that
 * came to its end and told of no error itself: such a stream has status 200 too, and must not be replayed for ever. Its
 * end, which is in its last event already, goes on when what `onWhole` gives has come to be.
 */
export function relayEvents(
  source: LiveBody,
  options: Context & {
    /** As the API that was asked tells it within a stream. */
    readonly streamError: (message: string) => string
    readonly onWhole: (events: readonly RecordedEvent[], bytes: number) => Promise<void> | undefined
  },
): LiveBody {
  const { clock, log, receivedAtMs, what, streamError, onWhole } = options
  const splitter = new EventSplitter()
  const events: RecordedEvent[] = []
  let keptBytes = 0
  let lastMs = 0
  let failed = false
  /** The last event: clients that have it do not wait for the end of the body. */
  let held: Uint8Array | undefined

  const note = (found: readonly Uint8Array[]) => {
    const atMs = clock.now() - receivedAtMs
    for (const event of found) {
      keptBytes += event.length
      if (keptBytes > maxKeptBytes) events.length = 0
      else {
        const data = toData(event)
        failed ||= typeof data === 'string' && isErrorEvent(data)
        events.push({ afterMs: atMs - lastMs, data })
        lastMs = atMs
      }
    }
  }

  return {
    ...source,
    start: (reader) =>
      source.start({
        data(bytes) {
          const found = splitter.push(bytes)
          if (found.length === 0) return
          note(found)
          const all = held ? [held, ...found] : found
          const last = all.at(-1)
          held = last && isLastEvent(last) ? last : undefined
          const now = held ? all.slice(0, -1) : all
          if (now.length > 0) reader.data(now.length === 1 && now[0] ? now[0] : Buffer.concat(now))
        },
        end() {
          const rest = splitter.rest()
          if (rest) note([rest])
          let written: Promise<void> | undefined
          if (keptBytes > maxKeptBytes) tooLong(log, what)
          else if (failed) log.info(`The answer to ${what} was not recorded: it contains an error.`)
          else written = onWhole(events, keptBytes)
          whenWritten(written, () => {
            for (const bytes of [held, rest]) if (bytes) reader.data(bytes)
            reader.end()
          })
        },
        fail(reason) {
          if (held) reader.data(held)
          log.warn(`The answer to ${what} broke off: ${messageOf(reason)}`)
          reader.data(Buffer.from(streamError(messageOf(reason))))
          reader.fail(reason, true)
        },
      }),
  }
}

/** Bytes go on as they are. `onWhole` is told of all of them, once they came to their end. */
export function relayBytes(
  source: LiveBody,
  {
    log,
    what,
    onWhole,
  }: Context & {
    readonly onWhole: (pieces: readonly Uint8Array[]) => Promise<void> | undefined
  },
): LiveBody {
  const pieces: Uint8Array[] = []
  let size = 0
  return {
    ...source,
    start: (reader) =>
      source.start({
        data(bytes) {
          size += bytes.length
          if (size <= maxKeptBytes) pieces.push(bytes)
          else pieces.length = 0
          reader.data(bytes)
        },
        end() {
          let written: Promise<void> | undefined
          if (size > maxKeptBytes) tooLong(log, what)
          else written = onWhole(pieces)
          whenWritten(written, () => reader.end())
        },
        fail(reason) {
          log.warn(`The answer to ${what} broke off: ${messageOf(reason)}`)
          reader.fail(reason)
        },
      }),
  }
}

function whenWritten(written: Promise<void> | undefined, run: () => void): void {
  if (written) void written.then(run)
  else run()
}

/** Of chat and completions, of messages, of responses, of pictures and sound. More may follow: it is held back no longer then. */
const lastEvent =
  /^(?:data: ?\[DONE\]|event: ?(?:message_stop|response\.(?:completed|incomplete|failed)|(?:image_generation|image_edit)\.completed|(?:transcript\.text|speech\.audio)\.done)\b)/
const longestName = 60
const isLastEvent = (event: Uint8Array) =>
  lastEvent.test(Buffer.from(event.subarray(0, longestName)).toString('latin1'))

const tooLong = (log: Log, what: string) =>
  log.warn(`The answer to ${what} was not recorded: it is longer than ${maxKeptBytes} bytes.`)

const messageOf = (reason: Error) => (reason instanceof ApiError ? reason.message : 'The answer broke off.')
