/** Lets pages of other origins ask the simulator from a browser, where the configuration names them. */
import type { Config } from '../config/config.ts'
import type { SimRequest, SimResponse } from '../types.ts'

type Cors = Config['server']['cors']

/** The answer to a preflight; `undefined` for any other request, and where the page may not ask. */
export function preflightAnswer({ method, headers }: SimRequest, { origins }: Cors): SimResponse | undefined {
  if (origins.length === 0 || method !== 'OPTIONS') return undefined
  const origin = headers.get('origin')
  const wanted = headers.get('access-control-request-method')
  if (origin === null || wanted === null || !isAllowed(origin, origins)) return undefined
  const asked = headers.get('access-control-request-headers')
  return {
    status: 204,
    headers: {
      ...originHeaders(origin, origins),
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': asked ?? usualHeaders,
      'Access-Control-Max-Age': '86400',
    },
    body: '',
  }
}

/** The same answer, readable for the page that asked. */
export function withCors(response: SimResponse, { headers }: SimRequest, { origins }: Cors): SimResponse {
  const origin = origins.length === 0 ? null : headers.get('origin')
  if (origin === null || !isAllowed(origin, origins)) return response
  const names = new Set([...exposed, ...Object.keys(response.headers).filter((name) => /^(?:x-|azure)/i.test(name))])
  return {
    ...response,
    headers: {
      ...response.headers,
      ...originHeaders(origin, origins),
      'Access-Control-Expose-Headers': [...names].join(', '),
    },
  }
}

const isAllowed = (origin: string, origins: readonly string[]) => origins.includes('*') || origins.includes(origin)

const originHeaders = (origin: string, origins: readonly string[]) =>
  origins.includes('*')
    ? { 'Access-Control-Allow-Origin': '*' }
    : { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }

const methods = 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS'
const usualHeaders = 'api-key, authorization, content-type'
/** What clients read, beside every `x-…` header that an answer has. */
const exposed = ['Retry-After', 'retry-after-ms', 'apim-request-id', 'x-request-id', 'Location', 'Operation-Location']
