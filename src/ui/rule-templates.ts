/** Rules to begin with: what is often tried, for one deployment or for all. */
export type Template = {
  readonly name: string
  readonly rule: (where: { readonly deployment?: string; readonly chance?: string }) => object
}

type Where = Parameters<Template['rule']>[0]

const template = (name: string, then: object, more: object = {}): Template => ({
  name,
  rule: (where: Where) => {
    const when = { ...more, ...where }
    return { name, ...(Object.keys(when).length > 0 && { when }), then }
  },
})

export const templates: readonly Template[] = [
  template('Throttled with 429', { error: 'rateLimit', retryAfter: '2s' }),
  template('Out of tokens with 429', { error: 'tokenLimit', retryAfter: '10s' }),
  template('Unavailable with 503', { error: 'serviceUnavailable' }),
  template('Fails with 500', { error: 'internalError' }),
  template('Streams break off after 20 tokens', { fault: 'cut', after: { tokens: 20 } }, { stream: true }),
  template('Streams stall for 30 s', { fault: 'stall', after: { tokens: 5 }, for: '30s' }, { stream: true }),
  template('An error within the stream', { fault: 'errorEvent', after: { tokens: 10 } }, { stream: true }),
  template('Slow to the first token', { latency: { timeToFirstToken: '8s' } }),
  template('Ten times as slow', { latency: { factor: 10 } }),
  template('Stopped by the content filter', { error: 'contentFilter' }),
  template('Says what you write', { text: 'An answer of your own.' }),
]
