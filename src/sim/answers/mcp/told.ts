/** What clients are told back of the MCP servers that they name: nothing that lets in there. */
import { isObject, type JsonObject } from '../../base/object.ts'

/** As the upstream API has it in place of what it was given in trust (quoted by users, 2025). */
export const redacted = '<redacted>'

/** Names of headers without what they say. */
export const redactedHeaders = (headers: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, redacted]))

/** Only the host of a server is told back, but by projects (recorded December 2025 to March 2026). */
export function withoutPath(told: JsonObject): JsonObject {
  const { server_url: address } = told
  const url = typeof address === 'string' ? URL.parse(address) : null
  return url ? { ...told, server_url: `${url.origin}/${redacted}` } : told
}

export function withoutSignIn<Tool extends JsonObject>({ authorization: _, headers, ...tool }: Tool) {
  return { ...tool, ...(isObject(headers) && { headers: redactedHeaders(headers) }) }
}
