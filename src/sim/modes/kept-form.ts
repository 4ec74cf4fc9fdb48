/** From what went over the wire to what is kept of it. */
import { isUtf8 } from 'node:buffer'
import type { Body, Interaction, Sought } from '../recordings/interaction.ts'
import type { Wire } from '../types.ts'

/** The request that a recording is found by; how often a slash is repeated does not matter to the service. */
export const soughtOf = ({ method, target, contentType, bytes }: Wire): Sought => ({
  method,
  path: target.path.replace(/\/{2,}/g, '/'),
  contentType,
  bytes,
})

/** The request as a person reads it; `secrets` are hidden wherever its body has them. */
export function keptRequest(wire: Wire, secrets: readonly string[]): Interaction['request'] {
  const { method, path, contentType, bytes } = soughtOf(wire)
  const query = Object.fromEntries([...wire.target.query].filter(([name]) => !secretParameter.test(name)))
  const body = bytes.length > 0 ? withoutSecrets(toBody(bytes, contentType), secrets) : undefined
  return { method, path, query, contentType: contentType || undefined, body }
}

const secretParameter = /key|token|secret|^code$|^sig$/i

/** A body that can be read is kept so; any other byte for byte. */
export function toBody(bytes: Uint8Array, contentType: string): Body {
  if (/^multipart\//i.test(contentType) || !isUtf8(bytes)) return { kind: 'bytes', bytes: Uint8Array.from(bytes) }
  const text = textOf(bytes)
  if (!/json/i.test(contentType) || longNumber.test(text)) return asText(text, contentType, bytes)
  try {
    return { kind: 'json', value: JSON.parse(text) as unknown }
  } catch {
    return { kind: 'text', text }
  }
}

/** JSON with a whole number that a float cannot hold would not be the same when it is written again. */
const longNumber = /[:[,]\s*-?\d{16,}\s*[,}\]]/

function asText(text: string, contentType: string, bytes: Uint8Array): Body {
  // Control characters are no text for an editor.
  const isReadable = /^text\/|json|xml|x-www-form-urlencoded|^$/i.test(contentType) && !text.includes('\0')
  return isReadable ? { kind: 'text', text } : { kind: 'bytes', bytes: Uint8Array.from(bytes) }
}

/** Text where it is such. The bytes are copied in any case: they may be part of a buffer that is far larger. */
export const toData = (bytes: Uint8Array): string | Uint8Array =>
  isUtf8(bytes) ? textOf(bytes) : Uint8Array.from(bytes)

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** Of the answer's headers those that say who answered, by lower-case name. */
export function keptHeaders(headers: Readonly<Record<string, string>>, contentType: string): Record<string, string> {
  const kept: Record<string, string> = contentType === '' ? {} : { 'content-type': contentType }
  for (const [name, value] of Object.entries(headers)) if (telling.has(name.toLowerCase())) kept[name.toLowerCase()] = value
  return kept
}

const telling = new Set([
  ...['x-ms-region', 'x-ms-deployment-name', 'x-ms-served-model', 'x-ms-rai-invoked', 'azureml-model-session'],
  ...['openai-model', 'openai-version', 'openai-processing-ms', 'x-accel-buffering', 'content-disposition', 'location'],
  ...['azure-openai-deployment-utilization', 'azureai-fe-is-streaming', 'content-language'],
])

const hidden = '***'

/** Fields of a request that sign in elsewhere: at a search index ("on your data"), at a tool's server. */
const secretField =
  /^(api[-_]?key|encoded_api_key|access_token|authorization|connection_string|password|client_secret|x-api-key|cookie)$/i

export function withoutSecrets(body: Body, secrets: readonly string[]): Body {
  // A short key would be found where it is none.
  const known = secrets.filter((secret) => secret.length >= 8)
  const hide = (text: string) => known.reduce((shown, secret) => shown.replaceAll(secret, hidden), text)
  const walk = (value: unknown, name: string, isSignIn: boolean): unknown => {
    if (typeof value === 'string') return secretField.test(name) || (isSignIn && name === 'key') ? hidden : hide(value)
    if (Array.isArray(value)) return value.map((item) => walk(item, name, isSignIn))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    return Object.fromEntries(entries.map(([key, inner]) => [key, walk(inner, key, name === 'authentication')]))
  }
  switch (body.kind) {
    case 'json':
      return { kind: 'json', value: walk(body.value, '', false) }
    case 'text':
      return { kind: 'text', text: hide(body.text) }
    case 'bytes':
      return body
  }
}
