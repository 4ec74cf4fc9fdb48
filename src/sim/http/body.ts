/** What a body's bytes say. Each gives `undefined` for what does not parse: what that means is the caller's. */
import { isUtf8 } from 'node:buffer'
import { isObject } from '../object.ts'

export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (!isUtf8(bytes)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export async function parseForm(bytes: Uint8Array, contentType: string): Promise<FormData | undefined> {
  try {
    // Deprecated for servers because it needs the whole body in memory; here it is there already, and bounded.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return await new Response(bytes.slice(), { headers: { 'content-type': contentType } }).formData()
  } catch {
    return undefined
  }
}
