/** Which addresses the simulator may ask of its own accord, because the operator has listed them. */

/** What may stand in such a list. */
export const addressForm =
  'a host, with or without a port, as localhost or hooks.example.com:8443, or the beginning of a URL, as https://example.com/mcp'

export const isListable = (text: string): boolean => (isUrl(text) ? fromUrl(text) : fromHost(text)) !== undefined

/**
 * By host, by host and port, or by the beginning of a URL. Addresses are compared as URLs write them, so that other forms of
 * a number are the same host, and a name is never looked up: one that is not listed is another host, wherever it leads.
 */
export function isAllowedAddress(address: string, listed: readonly string[]): boolean {
  // What readers of addresses read differently leads nowhere.
  const url = /[\\\s]/.test(address) ? null : URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return false
  return listed.some((one) => {
    if (!isUrl(one)) {
      const host = fromHost(one)
      return host?.name === url.hostname && (host.port === undefined || host.port === portOf(url))
    }
    const beginning = fromUrl(one)
    return beginning?.origin === url.origin && isBelow(url.pathname, beginning.pathname)
  })
}

const isUrl = (text: string) => /^https?:\/\//i.test(text)

function fromUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  return url && url.username === '' && url.password === '' ? url : undefined
}

const hostPattern = /^(?:[^\s/?#@:[\]\\]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/

function fromHost(text: string): { readonly name: string; readonly port: string | undefined } | undefined {
  const url = hostPattern.test(text) ? URL.parse(`http://${text}`) : null
  return url ? { name: url.hostname, port: /:\d+$/.test(text) ? portOf(url) : undefined } : undefined
}

const portOf = ({ port, protocol }: URL) => (port !== '' ? port : protocol === 'https:' ? '443' : '80')

/** A path whose own parts hide others is below nothing but the whole host. */
function isBelow(path: string, beginning: string): boolean {
  const whole = beginning.replace(/\/+$/, '')
  if (whole === '') return true
  return (path === whole || path.startsWith(`${whole}/`)) && !/%2e|%2f|%5c/i.test(path)
}
