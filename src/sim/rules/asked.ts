/** What a rule may ask of a request, each found when it is first asked for. */
import { operationKeyOf } from '../base/operation-key.ts'
import { isObject, type JsonObject } from '../base/object.ts'
import { type SaidMessage, messagesOf } from '../answers/conversation.ts'
import { parseJsonObject } from '../http/body.ts'
import { longJsonBytes } from '../http/body.ts'
import type { AnyCall } from '../operation.ts'

/** What is known of a request that came, or that has been. */
export type Facts = {
  /** By the name that rules give it. */
  readonly operation: string
  readonly deployment: string | undefined
  readonly model: string | undefined
  readonly region: string
  /** Undefined where nobody has read the body yet. */
  readonly isStream: boolean | undefined
  readonly bytes: Uint8Array
  /** What was read of it, where it was. */
  readonly body: unknown
  readonly headers: { readonly get: (name: string) => string | null }
  /** Those that hold. */
  readonly phases: readonly string[]
  /** Of the deployment's limit, in percent. */
  readonly utilization: () => number
}

export type Moment = Pick<Facts, 'phases' | 'utilization'> & {
  /** Whether another deployment could not answer it: only rules that name a deployment are asked then. */
  readonly isSpilled?: boolean
}

export function factsOf(call: AnyCall, { phases, utilization }: Moment): Facts {
  const { wire, body } = call
  const deployment = call.deployment ?? aboutOf(call)
  return {
    operation: operationKeyOf(call),
    deployment: deployment?.name,
    model: deployment?.model.name,
    region: call.resource.config.azure.region,
    // In record and replay mode the service is the judge of a body, and nobody has read it yet.
    isStream: body === undefined ? undefined : call.stream,
    bytes: wire.bytes,
    body,
    headers: wire.headers,
    phases,
    utilization,
  }
}

/** Of a connection the deployment that its address names. */
function aboutOf(call: AnyCall) {
  const { operation } = call.match
  const named = operation.scope === 'resource' ? operation.about?.(call) : undefined
  return named ? call.resource.findDeployment(named) : undefined
}

export class Asked {
  readonly facts: Facts
  #json: JsonObject | undefined
  #messages: readonly SaidMessage[] | undefined
  #prompt: string | undefined
  #system: string | undefined
  #conversation: string | undefined
  /** Of the parts of bodies that rules ask for, whether they are in this one, as far as it is known. */
  readonly parts = new Map<unknown, boolean>()

  constructor(facts: Facts) {
    this.facts = facts
  }

  /** The body, where it is JSON; of a form what was read of it. */
  get json(): JsonObject {
    const { bytes, body } = this.facts
    return (this.#json ??= parseJsonObject(bytes) ?? (isObject(body) ? body : {}))
  }

  /** So that it need not be read at a stretch. */
  set json(read: JsonObject) {
    this.#json = read
  }

  /** Whether to read the body again would take long. */
  get isLong(): boolean {
    return this.#json === undefined && this.facts.bytes.length > longJsonBytes
  }

  get messages(): readonly SaidMessage[] {
    return (this.#messages ??= messagesOf(this.isChat ? this.facts.body : this.json))
  }

  /** What was read of a chat has all of its messages. */
  get isChat(): boolean {
    const { body } = this.facts
    return isObject(body) && Array.isArray(body.messages)
  }

  /** The last text of the user, or the input where there are no messages. */
  get prompt(): string {
    return (this.#prompt ??= this.messages.findLast(isOfUser)?.text ?? '')
  }

  get system(): string {
    return (this.#system ??= this.messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(({ text }) => text)
      .join('\n'))
  }

  get conversation(): string {
    return (this.#conversation ??= this.messages.map(({ text }) => text).join('\n'))
  }

  get turn(): number {
    return this.messages.filter(isOfUser).length
  }

  get stream(): boolean {
    return this.facts.isStream ?? this.json.stream === true
  }

  /** The name of the tool whose result the last message is. */
  get toolResult(): string | undefined {
    const { messages, input } = this.json
    const all = listOf(messages ?? input)
    const last = all.findLast(isObject)
    if (!last) return undefined
    const id =
      last.role === 'tool' ? last.tool_call_id : last.type === 'function_call_output' ? last.call_id : undefined
    const result = listOf(last.content).findLast((part) => isObject(part) && part.type === 'tool_result')
    const wanted = id ?? (isObject(result) ? result.tool_use_id : undefined)
    if (typeof wanted !== 'string') return undefined
    for (const message of all) {
      const name = isObject(message) ? calledBy(message, wanted) : undefined
      if (name !== undefined) return name
    }
    return undefined
  }
}

const isOfUser = ({ role }: SaidMessage) => role === 'user'

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The name of the call with that id, if this message makes it: a chat's, a response's or Claude's. */
function calledBy(message: JsonObject, id: string): string | undefined {
  const { type, call_id: callId, name } = message
  if (type === 'function_call' && callId === id) return textOf(name)
  for (const call of listOf(message.tool_calls))
    if (isObject(call) && call.id === id && isObject(call.function)) return textOf(call.function.name)
  for (const part of listOf(message.content))
    if (isObject(part) && part.type === 'tool_use' && part.id === id) return textOf(part.name)
  return undefined
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
