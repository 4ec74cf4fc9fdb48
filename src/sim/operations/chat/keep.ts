/** Keeps a chat completion that was asked to be stored (`store: true`), with what it was asked for. */
import { isObject, type JsonObject } from '../../base/object.ts'
import { oneStep, step } from '../../base/slices.ts'
import { keptShelf } from '../../base/kept-shelf.ts'
import type { Call } from '../../operation.ts'
import type { StreamEvent } from '../../types.ts'
import { hexText } from '../../random.ts'
import type { ChatBody } from './body.ts'
import { type ChatAnswer, chatChunks } from './stream.ts'
import { wholeChat } from './whole.ts'

export type StoredChat = {
  readonly id: string
  readonly model: string
  /** As it was asked. */
  readonly deployment?: string
  readonly metadata: Readonly<Record<string, string>>
  /** All of it but its metadata. */
  readonly told: Readonly<Record<string, unknown>>
  readonly messages: ChatBody['messages']
}

/** For `resource.shelf`. */
export const storedChats = keptShelf<StoredChat>({ kind: 'chat-completions', ids: /chatcmpl-[0-9A-Za-z]{10,}\b/g })

/** What is made on the client's own data is not: that API has no `store`. */
export const isLeft = (body: ChatBody): boolean => body.store === true && !body.data_sources
export const isStoredChat = ({ body }: Call<ChatBody>): boolean => isLeft(body)

/** Members and order as the upstream API's reference has them. */
export function keep(call: Call<ChatBody>, data: string): void {
  const { choices, ...answer } = step(() => JSON.parse(data) as Whole)
  oneStep(() => call.resource.shelf(storedChats).put(storedChat(call, answer, choices)))
}

type About = { readonly id: string; readonly model: string } & JsonObject
type Whole = About & { readonly choices: readonly Choice[] }

function storedChat(call: Call<ChatBody>, answer: About, choices: readonly Choice[]): StoredChat {
  const { body, requestId, timing } = call
  return {
    id: answer.id,
    model: answer.model,
    deployment: call.deployment.name,
    metadata: body.metadata ?? {},
    messages: body.messages,
    told: {
      object: 'chat.completion',
      id: answer.id,
      model: answer.model,
      created: answer['created'],
      request_id: requestId,
      tool_choice: body.tool_choice ?? null,
      usage: answer['usage'],
      seed: body.seed ?? Number.parseInt(hexText(timing, 12), 16),
      top_p: body.top_p ?? 1,
      temperature: body.temperature ?? 1,
      presence_penalty: body.presence_penalty ?? 0,
      frequency_penalty: body.frequency_penalty ?? 0,
      system_fingerprint: answer['system_fingerprint'],
      input_user: body.user ?? null,
      service_tier: answer['service_tier'] ?? 'default',
      tools: body.tools ?? null,
      choices: choices.map(toldChoice),
      response_format: isObject(body.response_format) ? body.response_format : null,
    },
  }
}

type Choice = {
  readonly index: number
  readonly finish_reason: string
  readonly logprobs: unknown
  readonly message?: JsonObject
}

const toldChoice = ({ index, message = {}, finish_reason, logprobs }: Choice) => ({
  index,
  message: {
    content: message['content'] ?? null,
    role: 'assistant',
    tool_calls: message['tool_calls'] ?? null,
    function_call: message['function_call'] ?? null,
    refusal: message['refusal'] ?? null,
  },
  finish_reason,
  logprobs,
})

/** The chunks of a stream, which is kept when its last one has been made. */
export function* keptChunks(call: Call<ChatBody>, answer: ChatAnswer): Generator<StreamEvent> {
  yield* chatChunks(call, answer)
  keep(call, wholeChat(call, answer))
}
