/** What of a request goes on to the service, and what of its answer comes back: all but what belongs to a connection. */
import type { Config } from '../config/config.ts'
import { isLink } from '../http/links.ts'
import type { Wire } from '../types.ts'
import { badEndpoint, noEndpoint } from './failures.ts'

/** Where requests go, from the setting. A path that clients send by themselves may stand in it. */
export function endpointUrl({ endpoint }: Pick<Config['forward'], 'endpoint'>): URL {
  if (endpoint === undefined) throw noEndpoint()
  const url = URL.parse(endpoint)
  if (url === null || !/^https?:$/.test(url.protocol)) throw badEndpoint()
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/i, '')
  return url
}

/** Path and query as the client sent them, byte for byte, but for a key in the query. */
export function pathOf(wire: Wire, endpoint: URL): string {
  const { path } = wire.target
  const base = endpoint.pathname.replace(/\/$/, '')
  const question = wire.url.indexOf('?')
  if (question < 0) return base + path
  const [query = ''] = wire.url.slice(question + 1).split('#', 1)
  const kept = query.split('&').filter((pair) => !keyNames.has(nameOf(pair)))
  return kept.length > 0 ? `${base}${path}?${kept.join('&')}` : base + path
}

const keyNames: ReadonlySet<string> = new Set(['api-key', 'subscription-key', 'ocp-apim-subscription-key'])

function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1)
  try {
    return decodeURIComponent(name).toLowerCase()
  } catch {
    return name.toLowerCase()
  }
}

/** Headers as pairs, with the service's own sign-in and without the client's. */
export function headersOf(wire: Wire, signIn: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {}
  const named = new Set((wire.headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()))
  const add = (value: string, name: string) => {
    if (!isKeptBack(name) && !named.has(name)) headers[name] = value
  }
  if (wire.headers.forEach) wire.headers.forEach((value, name) => add(value, name.toLowerCase()))
  else {
    for (const name of wellKnown) {
      const value = wire.headers.get(name)
      if (value !== null) add(value, name)
    }
  }
  // What is compressed could not be kept so that a person can read it.
  headers['accept-encoding'] = 'identity'
  if (wire.bytes.length > 0 || /^(POST|PUT|PATCH)$/.test(wire.method))
    headers['content-length'] = String(wire.bytes.length)
  return Object.assign(headers, signIn)
}

/** For hosts that cannot list a request's headers: those that SDKs send and the service reads. */
const wellKnown = [
  ...['content-type', 'accept', 'accept-language', 'user-agent', 'extra-parameters', 'idempotency-key', 'prefer'],
  ...['x-ms-client-request-id', 'x-ms-return-client-request-id', 'x-ms-useragent', 'x-ms-enable-preview', 'range'],
  ...['openai-beta', 'openai-organization', 'openai-project', 'anthropic-version', 'anthropic-beta', 'traceparent'],
  ...['x-ms-oai-image-generation-deployment', 'x-ms-oai-assistants-testenv', 'azureml-model-deployment', 'if-match'],
  ...['lang', 'package-version', 'os', 'arch', 'runtime', 'runtime-version', 'async', 'retry-count', 'helper-method']
    .concat('timeout', 'read-timeout')
    .map((name) => `x-stainless-${name}`),
]

/** RFC 9110, section 7.6.1, with what older software takes for such. */
const hopByHop = new Set(
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

const keptBack = new Set([
  ...hopByHop,
  ...['host', 'content-length', 'accept-encoding', 'expect', 'max-forwards', 'via', 'forwarded'],
  ...['api-key', 'authorization', 'x-api-key', 'ocp-apim-subscription-key', 'cookie', 'x-functions-key'],
  ...['client-ip', 'disguised-host', 'was-default-hostname', 'x-original-url', 'x-waws-unencoded-url'],
  ...['x-site-deployment-id', 'x-ms-invocation-id', 'x-real-ip'],
])

/** What the simulator is told, and what the App Service front end and other proxies add on the way to it. */
const keptBackPrefixes = ['x-sim-', 'x-forwarded-', 'x-arr-', 'x-appservice-', 'x-azure-', 'x-ms-client-principal', 'x-ms-token-'] // prettier-ignore

const isKeptBack = (name: string) => keptBack.has(name) || keptBackPrefixes.some((prefix) => name.startsWith(prefix))

const notTheServices = new Set([...hopByHop, 'content-length', 'content-type', 'date', 'set-cookie'])

/** From names and values in turn, as node has them. `isDecoded`: the body is no longer as its encoding says. */
export function answerHeadersOf(rawHeaders: readonly string[], isDecoded: boolean): Record<string, string> {
  const headers: Record<string, string> = {}
  const spelling = new Map<string, string>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    const lower = name.toLowerCase()
    if (notTheServices.has(lower) || (isDecoded && lower === 'content-encoding')) continue
    const known = spelling.get(lower)
    if (known === undefined) {
      spelling.set(lower, name)
      headers[name] = value
    } else headers[known] = `${headers[known] ?? ''}, ${value}`
  }
  return headers
}

/**
 * Links of an answer back to the service, without its origin: the client follows them to the simulator, wherever that
 * is when it does (see `withOrigin`).
 */
export function withOwnLinks(headers: Record<string, string>, origin: string): Record<string, string> {
  for (const name in headers) {
    if (!isLink(name)) continue
    const url = URL.parse(headers[name] ?? '')
    if (url?.origin === origin) headers[name] = url.pathname + url.search
  }
  return headers
}
