/** The errors of live connections. */
import { ApiError } from '../errors.ts'

/** The simulator's own words. */
export const upgradeNeeded = () =>
  new ApiError({
    status: 426,
    origin: 'route',
    code: 'UpgradeRequired',
    message:
      'This is a WebSocket endpoint: the request has to ask for an upgrade, and the host has to have WebSockets. The embedded server and containers have them, Azure Functions has not.',
    headers: { upgrade: 'websocket' },
  })
