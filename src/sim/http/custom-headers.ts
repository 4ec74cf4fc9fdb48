/** Headers that are a client's own: the service passes up to ten of them through, and refuses requests that have more. */
import { tooManyHeaders } from '../errors/gateway.ts'
import type { Family } from '../operation.ts'
import type { SimRequest } from '../types.ts'
import type { Gate } from './auth.ts'

/** The same gate, that lets nobody in who has more than `most` headers of its own. */
export const withHeaderBound = (gate: Gate, max: number, families: readonly Family[]): Gate => {
  const isKnown = knownOf(families)
  return (headers, family, operation, resource) => {
    const bound = () => {
      const found = countCustom(headers, isKnown)
      if (found > max) throw tooManyHeaders(max, found)
    }
    const entry = gate(headers, family, operation, resource)
    if (entry) return entry.then(bound)
    bound()
    return undefined
  }
}

/** Where a host cannot list the headers of a request, none of them counts. */
function countCustom(headers: SimRequest['headers'], isKnown: (name: string) => boolean): number {
  let count = 0
  headers.forEach?.((_, name) => {
    if (!isKnown(name.toLowerCase())) count++
  })
  return count
}

function knownOf(families: readonly Family[]): (name: string) => boolean {
  const prefixes = [...shared, ...families.flatMap(({ headerPrefixes = [] }) => headerPrefixes)]
  const pattern = new RegExp(`^(?:${prefixes.join('|')})-`)
  return (name) => names.has(name) || pattern.test(name)
}

/**
 * Which headers the service does not count is not known; these are taken to be those that a request has without its
 * application's doing.
 */
const names = new Set([
  // Of HTTP and of browsers (RFC 9110, 9111, 9218 and the Fetch standard).
  'accept',
  'authorization',
  'cache-control',
  'connection',
  'cookie',
  'date',
  'dnt',
  'expect',
  'forwarded',
  'from',
  'host',
  'keep-alive',
  'max-forwards',
  'origin',
  'pragma',
  'priority',
  'range',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  // What SDKs and their tracing add by themselves (W3C Trace Context and Baggage, and Application Insights before it).
  'baggage',
  'correlation-context',
  'idempotency-key',
  'request-id',
  'traceparent',
  'tracestate',
  'x-request-id',
  'x-requested-with',
  // What the service itself reads.
  'api-key',
  'extra-parameters',
  'ocp-apim-subscription-key',
  'x-api-key',
  // What a host's own front door adds on the way: App Service's, without a family.
  'client-ip',
  'disguised-host',
  'was-default-hostname',
  'x-client-ip',
  'x-client-port',
  'x-real-ip',
])

/**
 * What names begin with: HTTP's (`accept-encoding`, `content-type`, `if-match`, `sec-fetch-mode`), the SDKs'
 * (`x-stainless-lang`), Azure's (`x-ms-client-request-id`, `azureml-model-deployment`), and those of front doors and
 * proxies. Families of APIs have more.
 */
const shared = [
  ...['accept', 'access-control', 'content', 'if', 'proxy', 'sec', 'x-stainless', 'azureml', 'x-ms', 'x-aml'],
  ...['x-appservice', 'x-arr', 'x-azure', 'x-envoy', 'x-forwarded', 'x-original', 'x-sim', 'x-site', 'x-waws'],
]
