/** A conversation's items as the messages that the model reads, in which its tokens are counted. */
import { textOf } from '../../base/text-of.ts'
import { duplicateItem, noCallForOutput, noOutputForCall } from '../../errors/responses.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { isObject } from '../../base/object.ts'
import { seededRandom } from '../../random.ts'
import type { ChatMessage, ContentPart, ChatToolCall } from '../../measure/prompt-tokens.ts'
import type { Item } from './items.ts'

/** So many items are looked at between two looks at the clock. */
const itemsAStep = 256

/** Reasoning, and the results of the service's own tools, are not among the messages. In steps. */
export function* toMessages(
  instructions: string | null | undefined,
  items: readonly Item[],
  summaryTokens: (compaction: Item) => number,
): Generator<undefined, readonly ChatMessage[]> {
  const messages: ChatMessage[] = instructions ? [{ role: 'system', content: instructions }] : []
  /** The calls of the last message. */
  let calls: ChatToolCall[] | undefined
  for (const [at, item] of items.entries()) {
    if (at % itemsAStep === itemsAStep - 1) yield
    const call = toCall(item)
    if (call) {
      if (calls) calls.push(call)
      else messages.push({ role: 'assistant', content: null, tool_calls: (calls = [call]) })
      continue
    }
    // Reasoning between two calls does not separate them.
    if (item.type === 'reasoning') continue
    calls = undefined
    const message = toMessage(item, summaryTokens)
    if (message) messages.push(message)
  }
  return messages
}

/** Throws for an output without its call, a call without its output, and an item of `own` that occurs twice. In steps. */
export function* refuseItems(before: readonly Item[], own: readonly Item[]): Generator<undefined, void> {
  const known = yield* knownIds(before)
  for (const [at, { id }] of own.entries()) {
    if (at % itemsAStep === itemsAStep - 1) yield
    if (id === undefined) continue
    if (known.has(id)) throw duplicateItem(id)
    known.add(id)
  }
  const open = new Map<unknown, string>()
  for (const [at, item] of [...before, ...own].entries()) {
    if (at % itemsAStep === itemsAStep - 1) yield
    const kind = kindOf(item.type)
    if (kind === undefined) continue
    if (item.type === `${kind}_call`) open.set(item['call_id'], kind)
    else if (!open.has(item['call_id'])) throw noCallForOutput(spoken(kind), textOf(item['call_id']))
    else open.set(item['call_id'], '')
  }
  for (const [callId, kind] of open) if (kind !== '') throw noOutputForCall(spoken(kind), textOf(callId))
}

export function* knownIds(items: readonly Item[]): Generator<undefined, Set<string | undefined>> {
  const ids = new Set<string | undefined>()
  for (const [at, { id }] of items.entries()) {
    if (at % itemsAStep === itemsAStep - 1) yield
    ids.add(id)
  }
  return ids
}

const kindOf = (type: string) => kinds.get(type)
const kinds: ReadonlyMap<string, string> = new Map(
  ['function', 'custom_tool', 'computer', 'shell', 'apply_patch'].flatMap((kind) => [
    [`${kind}_call`, kind],
    [`${kind}_call_output`, kind],
  ]),
)
const spoken = (kind: string) => kind.replace('_', ' ')

function toCall(item: Item): ChatToolCall | undefined {
  const { type, call_id: id, name } = item
  if (type === 'function_call') return { id, function: { name: textOf(name), arguments: textOf(item['arguments']) } }
  return type === 'custom_tool_call' ? { id, custom: { name, input: item['input'] } } : undefined
}

function toMessage(item: Item, summaryTokens: (compaction: Item) => number): ChatMessage | undefined {
  switch (item.type) {
    case 'message':
      return { role: textOf(item['role']), content: toContent(item['content']) }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { role: 'tool', tool_call_id: item['call_id'], content: toContent(item['output']) }
    case 'shell_call_output':
      return { role: 'tool', tool_call_id: item['call_id'], content: listOf(item['output']).map(printed).join('') }
    case 'apply_patch_call_output':
    case 'local_shell_call_output':
      return { role: 'tool', tool_call_id: item['call_id'] ?? item.id, content: textOf(item['output'] ?? '') }
    case 'compaction':
      return { role: 'assistant', content: loremText(summaryTokens(item), seededRandom(1)) }
    default:
      return undefined
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const printed = (output: unknown) =>
  isObject(output) ? textOf(output['stdout'] ?? '') + textOf(output['stderr'] ?? '') : ''

const toContent = (content: unknown): string | readonly ContentPart[] =>
  Array.isArray(content) ? content.map(toPart) : textOf(content)

function toPart(part: unknown): ContentPart {
  if (!isObject(part)) return { type: 'text' }
  const { type, text, refusal, image_url: url, detail, input_audio } = part
  if (type === 'input_image') return { type: 'image_url', image_url: { url, detail } }
  if (type === 'input_file') return { type: 'file', file: part }
  return { type: textOf(type), text, refusal, input_audio }
}
