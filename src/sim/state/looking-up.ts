/** What a request names of what is kept, looked up before it is answered. */
import type { Keeping } from '../base/keeping.ts'
import type { LiveResource } from '../operation.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Wire } from '../types.ts'

export const lookingUp =
  (keeping: Keeping, live: LiveResource): NonNullable<Snapshot['lookUp']> =>
  ({ keeps = [], lists = [] }, wire, params) => {
    if (keeps.length === 0 && lists.length === 0) return undefined
    const portsOf = (shelves: typeof keeps) => shelves.map((shelf) => live.shelf(shelf).port)
    return keeping.lookUp({ text: textOf(wire, params), named: portsOf(keeps), listed: portsOf(lists) })
  }

/** Of a form only its first fields: the rest is a file. */
const formBytes = 4_096

/** All that a request says in which ids may stand. */
function textOf({ target, contentType, bytes }: Wire, params: Readonly<Record<string, string>>): string {
  const named = Object.entries(params).map(([name, value]) => `/${name}/${value}`)
  const end = contentType.startsWith('multipart/') ? Math.min(formBytes, bytes.length) : bytes.length
  return ['', ...named, target.path, Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8')].join('\n')
}
