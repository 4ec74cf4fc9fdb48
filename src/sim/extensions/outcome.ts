import type { SimResponse } from '../types.ts'
import { checkHeader, extensionJson } from './answer.ts'
import type { ExtensionChange } from './define.ts'
import { ExtensionError } from './extension-error.ts'

/** An answer with what an extension changes of it. The body of a stream stays as it is. */
export function changed(response: SimResponse, change: ExtensionChange, who: string): SimResponse {
  const { status = response.status, headers, body } = change
  const { phrase: _, ...kept } = response
  const same = status === response.status ? response : kept
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new ExtensionError(who, `it changed the status to ${String(status)}; allowed: a whole number from 200 to 599`)
  const merged: Record<string, string> = { ...response.headers }
  for (const [name, value] of Object.entries(headers ?? {})) put(merged, name, checkHeader(name, value, who))
  if (body === undefined || typeof response.body === 'function') return { ...same, status, headers: merged }
  const data = typeof body === 'string' || body instanceof Uint8Array ? body : extensionJson(body, who)
  put(merged, 'Content-Length', String(Buffer.byteLength(data)))
  return { ...same, status, headers: merged, body: data }
}

/** In place of what is there, however it is spelt. */
function put(headers: Record<string, string>, name: string, value: string): void {
  const lower = name.toLowerCase()
  const known = Object.keys(headers).find((other) => other.toLowerCase() === lower)
  headers[known ?? name] = value
}
