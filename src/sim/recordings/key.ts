/** When two requests are the same request: method, path and body, but for what a client may spell as it likes. */
import { createHash, hash } from 'node:crypto'
import { textOf } from './body.ts'
import { canonicalJson, type IgnoreTree, ignoreTree } from './canonical-json.ts'
import type { Sought } from './interaction.ts'
import { boundaryOf, splitMultipart } from './multipart.ts'
import { foldPath } from './name.ts'

/** `ignore` names body fields that do not count: `user`, `metadata.session`. 32 hexadecimal digits. */
export type KeyOf = (sought: Sought) => string

export function keyOf(ignore: readonly string[] = []): KeyOf {
  const tree = ignoreTree(ignore)
  return ({ method, path, contentType, bytes }) => {
    const start = `${method.toUpperCase()} ${foldPath(path)}\n`
    return digest(start, canonicalBody(contentType, bytes, tree)).slice(0, 32)
  }
}

/** In one go where it is all text, as it mostly is: that is quicker. */
function digest(start: string, body: string | readonly Uint8Array[]): string {
  if (typeof body === 'string') return hash('sha256', start + body)
  const digested = createHash('sha256').update(start)
  for (const piece of body) digested.update(piece)
  return digested.digest('hex')
}

/** The kind comes first, so that no body of one kind can be taken for one of another. */
function canonicalBody(
  contentType: string,
  bytes: Uint8Array,
  ignore: IgnoreTree | undefined,
): string | readonly Uint8Array[] {
  if (bytes.length === 0) return ''
  const boundary = boundaryOf(contentType)
  const parts = boundary === undefined ? undefined : splitMultipart(bytes, boundary)
  if (parts) {
    const counted = parts.filter(({ name }) => name === undefined || ignore?.get(name) !== true)
    return [Buffer.from('multipart\n'), ...counted.flatMap((part) => [steadyBoundary, part.bytes])]
  }
  const text = textOf(bytes)
  const json = text === undefined ? undefined : canonicalJson(text, ignore)
  return json === undefined ? [Buffer.from('bytes\n'), bytes] : `json\n${json}`
}

const steadyBoundary = Buffer.from('\n--\n')
