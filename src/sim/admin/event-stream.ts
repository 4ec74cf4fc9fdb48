/** What happens from now on, as server-sent events, until the client leaves. */
import type { Clock } from '../clock.ts'
import type { SimResponse } from '../types.ts'

/** Not every host tells of clients that leave: a stream ends by itself, and an event source comes back. */
const longestMs = 10 * 60_000

type Options<Event> = {
  readonly clock: Clock
  /** Tells of each event until the returned function is called. */
  readonly follow: (told: (event: Event) => void) => () => void
  /** Whether a client that did not keep up is told how many events it has missed. */
  readonly tellsMissed: boolean
}

/** Many may follow the same: the text of an event is made once. */
let latest: { readonly event: unknown; readonly text: string } | undefined

function textOf(event: unknown): string {
  if (latest === undefined || latest.event !== event) latest = { event, text: `data: ${JSON.stringify(event)}\n\n` }
  return latest.text
}

export function eventStream<Event>({ clock, follow, tellsMissed }: Options<Event>): SimResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache' },
    body(sink) {
      let hasRoom = true
      let missed = 0
      const stop = follow((event) => {
        // Nothing piles up here for a client that does not keep up.
        if (!hasRoom) {
          missed++
          return
        }
        const note = tellsMissed && missed > 0 ? `event: missed\ndata: {"missed":${missed}}\n\n` : ''
        missed = 0
        hasRoom = sink.write(`${note}${textOf(event)}`)
        if (!hasRoom) sink.onDrain(() => (hasRoom = true))
      })
      const timer = clock.timer(() => {
        stop()
        sink.end()
      })
      timer.set(clock.now() + longestMs)
      sink.onClose(() => {
        stop()
        timer.cancel()
      })
      sink.write(': following\n\n')
    },
  }
}
