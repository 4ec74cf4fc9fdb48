/** What is told of a live connection, while it is there and when it has ended. */
import type { Clock } from '../clock.ts'
import type { SessionTold } from '../base/session-told.ts'
import type { LiveSession, OpenSession } from '../types.ts'

/** The same connection; `told` is kept up to date. */
export const watched =
  (open: OpenSession, told: SessionTold, clock: Pick<Clock, 'now'>): OpenSession =>
  (socket) => {
    const openedAtMs = clock.now()
    const session: LiveSession = open({
      ...socket,
      send(text) {
        told.framesOut++
        told.charactersOut += text.length
        socket.send(text)
      },
    })
    return {
      ...session,
      message(text) {
        told.framesIn++
        told.charactersIn += text.length
        session.message(text)
      },
      closed(code) {
        told.lastedMs = Math.round(clock.now() - openedAtMs)
        if (code !== undefined) told.code = code
        session.closed(code)
      },
    }
  }
