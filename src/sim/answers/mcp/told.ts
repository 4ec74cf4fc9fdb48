/** How answers repeat the MCP servers of a request: without secrets. */
import { isObject, type JsonObject } from '../../base/object.ts'

/** What the upstream API writes in place of secrets (quoted by users, 2025). */
export const redacted = '<redacted>'

/** The names of headers, without their values. */
export const redactedHeaders = (headers: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, redacted]))

/** Answers repeat only the host of a server, except below projects (recorded December 2025 to March 2026). */
export function withoutPath(told: JsonObject): JsonObject {
  const { server_url: address } = told
  const url = typeof address === 'string' ? URL.parse(address) : null
  return url ? { ...told, server_url: `${url.origin}/${redacted}` } : told
}

export function withoutSignIn<Tool extends JsonObject>({ authorization: _, headers, ...tool }: Tool) {
  return { ...tool, ...(isObject(headers) && { headers: redactedHeaders(headers) }) }
}
