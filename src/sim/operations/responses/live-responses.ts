/** Responses over WebSocket: each `response.create` becomes an ordinary request, and its events become frames (documented July 2026). */
import { isObject, type JsonObject, objectIn } from '../../base/object.ts'
import { found } from '../../http/validate.ts'
import { textOf } from '../../base/text-of.ts'
import { ask, errorObjectIn } from '../../live/dispatch.ts'
import { type LiveClient, openLive, sessionPlan, type LiveHandlers } from '../../live/session.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { idMaker } from './ids.ts'
import { listResponses } from './responses-list.ts'
import { storedResponses } from './store.ts'

export const responsesConnect: ResourceOperation = {
  scope: 'resource',
  name: 'Responses_Connect',
  method: 'GET',
  path: '/responses/connect',
  keeps: [storedResponses],
  lists: [storedResponses],
  routes: [{ surface: 'v1', template: '/openai/v1/responses' }],
  backEnd: 'responses',
  answer: (call, config) =>
    // Below a project, a GET without an upgrade is answered with the list of responses.
    call.match.isWithin && call.wire.headers.get('upgrade') === null
      ? listResponses(call, 'project')
      : sessionPlan(
          call,
          openLive(call, config.live.maxTimeMs, (client) => new ResponsesSession(call, client, config.live.maxTimeMs)),
        ),
}

/** The latest response, if it is not stored: its items, which the connection adds to the next request. */
type Latest = { readonly id: string; readonly items: readonly unknown[]; readonly order: JsonObject }

/** Requests that may wait; clients are not likely to send more. */
const maxWaiting = 64

class ResponsesSession implements LiveHandlers {
  readonly #call: AnyCall
  readonly #minutes: number
  readonly #client: LiveClient
  readonly #waiting: JsonObject[] = []
  #latest: Latest | undefined
  #stop: (() => void) | undefined

  constructor(call: AnyCall, client: LiveClient, maxMs: number) {
    this.#call = call
    this.#minutes = Math.max(1, Math.round(maxMs / 60_000))
    this.#client = client
  }

  /** Requests are answered one at a time; others wait. */
  heard(event: JsonObject): void {
    const { type } = event
    if (type !== 'response.create') {
      const message = `Invalid value: '${textOf(type ?? '')}'. Supported values are: 'response.create'.`
      this.#refuse(400, { type: 'invalid_request_error', code: 'invalid_value', message, param: 'type' })
    } else if (this.#waiting.length >= maxWaiting)
      this.#refuse(400, { type: 'invalid_request_error', code: null, message: 'Too many responses are ordered ahead.' })
    else {
      this.#waiting.push(event)
      this.#next()
    }
  }

  misheard(): void {
    this.#refuse(400, { type: 'invalid_request_error', code: null, message: 'Invalid request body.', param: null })
  }

  expired(): void {
    this.#refuse(400, {
      type: 'invalid_request_error',
      code: 'websocket_connection_limit_reached',
      message: `Responses websocket connection limit reached (${this.#minutes} minutes). Create a new websocket connection to continue.`,
    })
    this.#client.close(1001, 'websocket_connection_limit_reached')
  }

  closed(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#waiting.length = 0
  }

  #refuse(status: number, error: JsonObject): void {
    this.#client.tell({ type: 'error', status, error })
  }

  #next(): void {
    if (this.#stop) return
    const event = this.#waiting.shift()
    if (!event) return
    const { type: _type, event_id: _id, stream: _stream, background: _background, generate, ...asked } = event
    if (generate !== undefined && generate !== null && typeof generate !== 'boolean') {
      const message = `Invalid type for 'generate': expected a boolean, but got ${found(generate)} instead.`
      this.#refuse(400, { type: 'invalid_request_error', code: 'invalid_type', message, param: 'generate' })
      this.#next()
      return
    }
    const order = this.#continued(asked)
    if (generate === false) this.#warmUp(order)
    else this.#generate(order)
  }

  /** Adds the items of the latest response, which only the connection knows. */
  #continued(asked: JsonObject): JsonObject {
    const latest = this.#latest
    if (!latest || asked['previous_response_id'] !== latest.id) return asked
    const { previous_response_id: _, ...rest } = asked
    return { ...latest.order, ...rest, input: [...latest.items, ...itemsOf(asked['input'])] }
  }

  #generate(order: JsonObject): void {
    let last: JsonObject | undefined
    const over = () => {
      this.#stop = undefined
      this.#next()
    }
    const url = this.#call.wire.target.path
    this.#stop = ask(
      this.#call,
      { url, body: { ...order, stream: true } },
      {
        room: this.#client,
        event: (json) => {
          if (json.includes('"type":"response.completed"') || json.includes('"type":"response.incomplete"'))
            last = responseIn(json)
          this.#client.tellText(json)
        },
        done: (status, body) => {
          if (status >= 400) {
            // A failed response cannot be continued.
            this.#latest = undefined
            this.#refuse(status, errorObjectIn(body))
          } else if (last) this.#remember(order, last)
          over()
        },
        broken: (code) => {
          this.#stop = undefined
          if (code === undefined) this.#client.cut()
          else this.#client.close(code, '')
        },
      },
    )
  }

  #remember(order: JsonObject, { id, output, store }: JsonObject): void {
    this.#latest =
      store === false && typeof id === 'string'
        ? { id, items: [...itemsOf(order['input']), ...itemsOf(output)], order: {} }
        : undefined
  }

  /** With `generate: false`: the request is checked, and the next one continues it. */
  #warmUp(order: JsonObject): void {
    const over = () => {
      this.#stop = undefined
      this.#next()
    }
    this.#stop = ask(
      this.#call,
      { url: '/openai/v1/responses/input_tokens', body: order },
      {
        room: this.#client,
        event: () => undefined,
        done: (status, body) => {
          if (status >= 400) {
            this.#latest = undefined
            this.#refuse(status, errorObjectIn(body))
          } else this.#warmedUp(order)
          over()
        },
        broken: () => {
          this.#stop = undefined
          this.#client.cut()
        },
      },
    )
  }

  #warmedUp(order: JsonObject): void {
    const { resource } = this.#call
    const createdAtSeconds = Math.floor(resource.clock.now() / 1000)
    const id = idMaker(resource.random, { createdAtSeconds, isStored: false })('resp')
    const { input, ...rest } = order
    const told = (status: string) => ({
      id,
      object: 'response',
      created_at: createdAtSeconds,
      status,
      background: false,
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      output: [],
      parallel_tool_calls: true,
      previous_response_id: null,
      temperature: 1,
      tool_choice: 'auto',
      tools: [],
      top_p: 1,
      usage: null,
      ...rest,
    })
    this.#client.tell({ type: 'response.created', sequence_number: 0, response: told('in_progress') })
    this.#client.tell({ type: 'response.completed', sequence_number: 1, response: told('completed') })
    this.#latest = { id, items: itemsOf(input), order: rest }
  }
}

const itemsOf = (input: unknown): readonly unknown[] =>
  typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : Array.isArray(input) ? input : []

/** Also `undefined` if a rule has broken the event. */
function responseIn(json: string): JsonObject | undefined {
  const response = objectIn(json)?.['response']
  return isObject(response) ? response : undefined
}
