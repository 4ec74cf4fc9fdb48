/** How a stream under status 200 tells that it broke off. */

/** Bare, as in chat and completions. */
export const bareStreamError = (message: string): string => `data: ${JSON.stringify({ error: errorOf(message) })}\n\n`

/** As an event of that name. */
export const streamErrorEvent = (message: string): string =>
  `event: error\ndata: ${JSON.stringify({ type: 'error', error: errorOf(message) })}\n\n`

const errorOf = (message: string) => ({ message, type: 'server_error', param: null, code: 'stream_broken_off' })
