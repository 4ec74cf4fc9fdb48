/**
 * Items that belong together: reasoning and the item after it. The service recognises its own by their ids and refuses one without
 * the other. Messages as users quote them (2025-2026).
 */
import { itemWithoutFollowing, itemWithoutReasoning } from '../../errors/responses.ts'
import type { Item } from './items.ts'
import { knownIds } from './messages.ts'
import type { StoredResponses } from './store.ts'

/** In steps. */
export function* refuseUnpaired(
  before: readonly Item[],
  own: readonly Item[],
  stored: StoredResponses,
): Generator<undefined, void> {
  const known = yield* knownIds(before)
  /** The first item that is no reasoning, from here on. */
  let next = -1
  for (const [at, item] of own.entries()) {
    yield
    const { id, type } = item
    if (type === 'reasoning') {
      if (next <= at) for (next = at + 1; own[next]?.type === 'reasoning'; next++);
      refuseLonely(item, own[next], stored)
    } else if (id !== undefined) {
      const thought = thoughtBefore(id, stored)
      if (thought !== undefined && !known.has(thought)) throw itemWithoutReasoning(id, type, thought)
    }
    known.add(id)
  }
}

/** Encrypted reasoning may be followed by any output of a model; stored reasoning must be followed by the item that followed it. */
function refuseLonely(thought: Item, next: Item | undefined, stored: StoredResponses): void {
  const id = thought.id ?? ''
  const isCarried = typeof thought['encrypted_content'] === 'string'
  const items = isCarried ? undefined : stored.responseOf(id)?.items
  const followed = items?.slice(items.findIndex((item) => item.id === id) + 1).find(({ isThought }) => !isThought)
  const isPaired =
    next !== undefined && (items ? followed !== undefined && isSame(next, followed.json()) : isPutOut(next))
  if (!isPaired) throw itemWithoutFollowing(id)
}

/** Calls are also recognised by their `call_id`. */
const isSame = (given: Item, kept: Item) =>
  given.id === kept.id || (given['call_id'] !== undefined && given['call_id'] === kept['call_id'])

const isPutOut = ({ type, role }: Item) =>
  type === 'message' ? role === 'assistant' : !type.endsWith('_output') && type !== 'mcp_approval_response'

/** The last reasoning item before an output item of a stored response. */
function thoughtBefore(id: string, stored: StoredResponses): string | undefined {
  const items = stored.responseOf(id)?.items ?? []
  const at = items.findIndex((item) => item.id === id)
  return items.slice(0, Math.max(0, at)).findLast(({ isThought }) => isThought)?.id
}
