/** `GET /++/live`: sums of each second, as server-sent events. */
import type { Clock } from '../clock.ts'
import type { Live } from '../metrics/live.ts'
import type { SimResponse } from '../types.ts'

/** Not every host tells of clients that leave: a stream ends by itself, and the page comes back. */
const longestMs = 10 * 60_000

export function followSeconds(live: Live, clock: Clock): SimResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache' },
    body(sink) {
      let hasRoom = true
      const stop = live.follow((second) => {
        // A page that does not keep up misses seconds: nothing piles up for it here.
        if (!hasRoom) return
        hasRoom = sink.write(`data: ${JSON.stringify(second)}\n\n`)
        if (!hasRoom) sink.onDrain(() => (hasRoom = true))
      })
      const end = clock.timer(() => {
        stop()
        sink.end()
      })
      end.set(clock.now() + longestMs)
      sink.onClose(() => {
        stop()
        end.cancel()
      })
      sink.write(': following\n\n')
    },
  }
}
