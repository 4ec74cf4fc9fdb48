/** The errors of live connections. */
import { ApiError } from '../errors.ts'

const where =
  'The embedded server and containers have WebSockets; Azure Functions and a fetch in the same process do not.'

/** The simulator's own words. `isAsked`: by a client that wants one, of a host that has none. */
export const upgradeNeeded = (isAsked: boolean) =>
  new ApiError({
    status: 426,
    origin: 'route',
    code: 'UpgradeRequired',
    message: isAsked
      ? `This is a WebSocket endpoint, and this host has none. ${where}`
      : `This is a WebSocket endpoint: the request has to ask for an upgrade. ${where}`,
    hint: isAsked
      ? `A live connection was asked for, and answered with 426: this host has no WebSockets. ${where}`
      : 'A request without an upgrade to an endpoint of live connections was answered with 426. Some proxies drop the header.',
    headers: { upgrade: 'websocket' },
  })
