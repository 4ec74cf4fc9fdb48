/** The order of calls and their results in a conversation. */
import { invalidRequest } from '../../errors.ts'
import type { ChatBody } from './body.ts'

/** Throws where a result has no call, or a call no result. Texts as users quote them (2023-2026). */
export function refuseToolMessages(messages: ChatBody['messages']): void {
  /** Of the calls that the messages so far ask results for. */
  let open: Set<string> | undefined
  let asked: ReadonlySet<string> | undefined
  let index = -1
  for (const { role, tool_calls: calls, tool_call_id: answered } of messages) {
    index++
    if (role === 'tool') {
      if (!open) throw unasked(index)
      if (!open.delete(String(answered)) && !asked?.has(String(answered))) throw unknownCall(String(answered), index)
      continue
    }
    if (open && open.size > 0) throw unanswered(open, index)
    open = calls ? new Set(calls.map(({ id }) => id)) : undefined
    asked = open && new Set(open)
  }
  if (open && open.size > 0) throw unanswered(open, messages.length - 1)
}

const unasked = (index: number) =>
  invalidRequest(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    `messages.[${index}].role`,
    null,
  )

const unanswered = (ids: Iterable<string>, index: number) =>
  invalidRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`,
    `messages.[${index}].role`,
    null,
  )

/** Text as the upstream API has it. */
const unknownCall = (id: string, index: number) =>
  invalidRequest(
    `Invalid parameter: 'tool_call_id' of '${id}' not found in 'tool_calls' of previous message.`,
    `messages.[${index}].tool_call_id`,
    null,
  )
