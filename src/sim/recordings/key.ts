/** When two requests are the same request: method, path and body, but for what a client may spell as it likes. */
import { createHash } from 'node:crypto'
import { textOf } from './body.ts'
import { canonicalJson, type IgnoreTree, ignoreTree } from './canonical-json.ts'
import type { Sought } from './interaction.ts'
import { boundaryOf, splitMultipart } from './multipart.ts'
import { foldPath } from './name.ts'

/** `ignore` names body fields that do not count: `user`, `metadata.session`. 32 hexadecimal digits. */
export type KeyOf = (sought: Sought) => string

export function keyOf(ignore: readonly string[] = []): KeyOf {
  const tree = ignoreTree(ignore)
  return (sought) => {
    const hash = createHash('sha256').update(`${sought.method.toUpperCase()} ${foldPath(sought.path)}\n`)
    for (const piece of canonicalBody(sought, tree)) hash.update(piece)
    return hash.digest('hex').slice(0, 32)
  }
}

/** The kind comes first, so that no body of one kind can be taken for one of another. */
function canonicalBody({ contentType, bytes }: Sought, ignore: IgnoreTree | undefined): readonly (string | Uint8Array)[] {
  if (bytes.length === 0) return []
  const boundary = boundaryOf(contentType)
  if (boundary !== undefined) {
    const parts = splitMultipart(bytes, boundary)
    if (parts) {
      const counted = parts.filter(({ name }) => name === undefined || ignore?.get(name) !== true)
      return ['multipart\n', ...counted.flatMap((part) => ['\n--\n', part.bytes])]
    }
  }
  const text = textOf(bytes)
  const json = text === undefined ? undefined : canonicalJson(text, ignore)
  return json === undefined ? ['bytes\n', bytes] : ['json\n', json]
}
