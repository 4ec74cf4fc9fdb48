/** What never gets into a document. */
import { textOf } from '../base/text-of.ts'
import type { Body, Interaction } from './interaction.ts'
import { bodyText } from './body.ts'
import { isObject } from '../base/object.ts'
import { toJsonText } from './json-text.ts'

/** Headers of an answer that are kept: what it is, and who gave it. All others are made anew or are nobody's business. */
const keptHeaders = new Set([
  'content-type',
  'content-disposition',
  'location',
  'operation-location',
  'x-ms-region',
  'x-ms-deployment-name',
  'x-ms-served-model',
  'x-ms-rai-invoked',
  'x-ms-is-spilled-over',
  'x-ms-spillover-from-deployment',
  'azureml-model-session',
  'azure-openai-deployment-utilization',
  'openai-version',
  'openai-processing-ms',
])

export const hidden = '***'

/** The same interaction with nothing in it that opens a door. Answers stay as they were, byte for byte. */
export function withoutSecrets({ request, response, ...rest }: Interaction): Interaction {
  return {
    ...rest,
    request: { ...request, query: keptQuery(request.query), body: request.body && withoutSecretFields(request.body) },
    response: { ...response, headers: keepHeaders(response.headers) },
  }
}

export function keepHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(lowered.filter(([name]) => keptHeaders.has(name)))
}

/** `api-key`, `code`, `sig` and whatever else is called like a secret. */
const keptQuery = (query: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(query).filter(([name]) => !/key|^code$|^sig|token|secret|password|auth|credential/i.test(name)),
  )

/** Requests may carry keys of other services: of a search index, or of a tool's server. */
function withoutSecretFields(body: Body): Body {
  if (body.kind !== 'json') return body
  const read = readWithoutSecrets(bodyText(body))
  return read && read.changes > 0 ? { kind: 'json', value: read.value, text: toJsonText(read.value) } : body
}

/** What JSON says, but for what opens a door; undefined where it is none, or has nothing like that. */
function readWithoutSecrets(text: string): { readonly value: unknown; readonly changes: number } | undefined {
  if (!/auth|key|token|password|secret|connection_string|server_url|domain|"headers"/i.test(text)) return undefined
  try {
    let changes = 0
    const value = JSON.parse(text, function (this: unknown, name: string, part: unknown) {
      if (name === 'headers' && isObject(part)) {
        changes++
        return Object.fromEntries(Object.keys(part).map((header) => [header, hidden]))
      }
      if (typeof part !== 'string') return part
      if (isSecret(name, this)) {
        changes++
        return hidden
      }
      if (name !== 'server_url' || !/[?@]/.test(part)) return part
      changes++
      return withoutSignIn(part)
    }) as unknown
    return { value, changes }
  } catch {
    return undefined
  }
}

/** The same text of JSON with nothing in it that opens a door. */
export function maskedJson(text: string): string {
  const read = readWithoutSecrets(text)
  return read && read.changes > 0 ? JSON.stringify(read.value) : text
}

/** An address of a tool's server, without what may let in there. */
const withoutSignIn = (address: string) =>
  address.replace(/\/\/[^/?#]*@/, `//${hidden}@`).replace(/\?.*$/s, `?${hidden}`)

const secretNames =
  /^(authorization|(encoded_)?api[_-]?key|access_?token|refresh_?token|id_?token|bearer|password|client_?secret|connection_?string)$/i

/** `key` alone is a common word: it is a secret beside the `type` of a sign-in. */
const isSecret = (name: string, parent: unknown) =>
  secretNames.test(name) ||
  (name === 'value' && isObject(parent) && 'domain' in parent) ||
  (name === 'key' && isObject(parent) && /key|token/i.test(textOf(parent.type)))
