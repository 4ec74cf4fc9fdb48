/** What is told of a live connection, while it is there and when it has ended. */
import type { Clock } from '../clock.ts'
import type { Flight } from '../base/flight.ts'
import type { SessionTold } from '../base/session-told.ts'
import type { LiveSession, OpenSession } from '../types.ts'

type Watch = { readonly told: SessionTold; readonly clock: Pick<Clock, 'now'>; readonly flight: Flight }

/** The same connection; `told` is kept up to date. */
export const watched =
  (open: OpenSession, { told, clock, flight }: Watch): OpenSession =>
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
      flight,
      message(text) {
        told.framesIn++
        told.charactersIn += text.length
        return session.message(text)
      },
      closed(code) {
        told.lastedMs = Math.round(clock.now() - openedAtMs)
        if (code !== undefined) told.code = code
        session.closed(code)
      },
    }
  }
