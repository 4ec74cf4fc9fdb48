/** Headers that are a client's own: the service passes up to ten of them through, and refuses requests that have more. */
import { tooManyHeaders } from '../errors/gateway.ts'
import type { SimRequest } from '../types.ts'
import type { Gate } from './auth.ts'

/** The same gate, that lets nobody in who has more than `most` headers of its own. */
export const withHeaderBound =
  (gate: Gate, max: number): Gate =>
  (headers, path, operation) => {
    const bound = () => {
      const found = countCustom(headers)
      if (found > max) throw tooManyHeaders(max, found)
    }
    const entry = gate(headers, path, operation)
    if (entry) return entry.then(bound)
    bound()
    return undefined
  }

/** Where a host cannot list the headers of a request, none of them counts. */
function countCustom(headers: SimRequest['headers']): number {
  let count = 0
  headers.forEach?.((_, name) => {
    if (!isKnown(name.toLowerCase())) count++
  })
  return count
}

const isKnown = (name: string) => names.has(name) || families.test(name)

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
 * HTTP's (`accept-encoding`, `content-type`, `if-match`, `sec-fetch-mode`), the SDKs' (`x-stainless-lang`,
 * `openai-beta`, `anthropic-version`), Azure's (`x-ms-client-request-id`, `azureml-model-deployment`), and those of
 * front doors and proxies.
 */
const families =
  /^(?:accept|access-control|content|if|proxy|sec|anthropic|openai|x-stainless|azureml|x-ms|x-aml|x-appservice|x-arr|x-azure|x-envoy|x-forwarded|x-original|x-site|x-waws)-/
