/** One Realtime session: its settings, its conversation, and its running answers. */
import { isObject, type JsonObject } from '../../base/object.ts'
import type { LiveRoom } from '../../base/live-socket.ts'
import { inSlicesOf, type Slices } from '../../base/slices.ts'
import type { Spoken } from '../../base/spoken.ts'
import { textOf } from '../../base/text-of.ts'
import { ApiError, invalidRequest } from '../../errors.ts'
import type { Config } from '../../config/config.ts'
import type { LiveClient, LiveHandlers } from '../../live/session.ts'
import type { AnyCall } from '../../operation.ts'
import { base62Text } from '../../random.ts'
import { Answering } from './answering.ts'
import { checkEvent } from './client-events.ts'
import { SessionConversation } from './conversation.ts'
import { Hearing } from './hearing.ts'
import { givenItem, isSpoken, type SessionItem, truncated } from './item.ts'
import { McpServers } from './mcp-servers.ts'
import {
  alreadyAnswering,
  alreadyShorter,
  noAnswerToCancel,
  notOverSockets,
  nothingToTruncate,
  onlyWriting,
  otherKind,
  tooManyApart,
  voiceIsFixed,
} from './refusals.ts'
import { changePreviewSettings, changeSettings, type RealtimeSettings } from './settings.ts'
import { previewEvent, toldPreviewSession, toldSession } from './shape.ts'

export type SessionStart = {
  readonly isPreview: boolean
  readonly maxMs: number
  readonly mcp: Config['mcp']
  /** At the start. */
  readonly settings: RealtimeSettings
}

/** Maximum number of simultaneous answers outside of the conversation. */
const maxApart = 32

export class RealtimeSession implements LiveHandlers {
  readonly settings: RealtimeSettings
  readonly conversation = new SessionConversation()
  readonly conversationId: string
  readonly servers: McpServers
  readonly #call: AnyCall
  readonly #client: LiveClient
  readonly #about: SessionStart
  readonly #hearing: Hearing
  readonly #id: string
  readonly #expiresAt: number
  #answer: Answering | undefined
  readonly #apart = new Map<string, Answering>()

  constructor(call: AnyCall, client: LiveClient, about: SessionStart) {
    this.#call = call
    this.#client = client
    this.#about = about
    this.#id = this.newId('sess')
    this.conversationId = this.newId('conv')
    this.#expiresAt = Math.floor((call.resource.clock.now() + about.maxMs) / 1000)
    this.settings = about.settings
    this.#hearing = new Hearing(call, {
      settings: this.settings,
      tell: (event) => this.tell(event),
      newId: (prefix) => this.newId(prefix),
      add: (item) => this.add(item),
      lastId: () => this.conversation.items.at(-1)?.id ?? null,
      interrupted: () => this.#answer?.cancel('turn_detected'),
      turn: () => {
        if (!this.#answer && !this.settings.isWriting) this.#respond({})
      },
    })
    this.servers = new McpServers(call, about.mcp, {
      tell: (event) => this.tell(event),
      newId: (prefix) => this.newId(prefix),
      add: (item) => this.add(item),
      done: (item) => this.done(item),
    })
    const { isPreview } = about
    const isWriting = isPreview && this.settings.isWriting
    this.tell({ type: isWriting ? 'transcription_session.created' : 'session.created', session: this.#session() })
    if (isPreview && !isWriting)
      this.tell({
        type: 'conversation.created',
        conversation: { id: this.conversationId, object: 'realtime.conversation' },
      })
    void this.servers.list(this.settings.tools)
  }

  newId(prefix: string): string {
    return `${prefix}_${base62Text(this.#call.resource.random, 21)}`
  }

  /** The type first, then the event's own id. */
  tell(event: JsonObject): void {
    const told = this.#about.isPreview ? previewEvent(event) : event
    if (!told) return
    const { type, ...fields } = told
    this.#client.tell({ type, event_id: this.newId('event'), ...fields })
  }

  get room(): LiveRoom {
    return this.#client
  }

  /** Sends a text as it is. */
  tellText(text: string): void {
    this.#client.tellText(text)
  }

  add(item: SessionItem): void {
    const previous = this.conversation.add(item)
    this.tell({ type: 'conversation.item.added', previous_item_id: previous, item: item.told })
  }

  /** All of it is there; one that was deleted meanwhile is nobody's. */
  done(item: SessionItem): void {
    if (!this.conversation.find(item.id)) return
    this.conversation.replace(item)
    this.tell({ type: 'conversation.item.done', previous_item_id: this.conversation.before(item), item: item.told })
  }

  heard(event: JsonObject, slices?: Slices): void | Promise<void> {
    const name = textOf(event['type'] ?? '')
    if (slices) return this.#heardLong(name, event, slices)
    try {
      checkEvent(event, name, this.#about.isPreview)
      this.#take(name, event)
    } catch (error) {
      this.#failed(error, event)
    }
  }

  async #heardLong(name: string, event: JsonObject, slices: Slices): Promise<void> {
    const check = () => checkEvent(event, name, this.#about.isPreview)
    try {
      await slices.timed(() => inSlicesOf(slices, check))
      await slices.turn()
      if (name === 'input_audio_buffer.append') await this.#hearing.appendLong(event['audio'] as string, slices)
      else slices.timed(() => this.#take(name, event))
    } catch (error) {
      this.#failed(error, event)
    }
  }

  #failed(error: unknown, event: JsonObject): void {
    if (!(error instanceof ApiError)) throw error
    this.#refuse(error, event)
  }

  misheard(): void {
    this.#refuse(invalidRequest('The event is not a valid JSON object.', null, null))
  }

  expired(): void {
    const minutes = Math.max(1, Math.round(this.#about.maxMs / 60_000))
    const message = `Your session hit the maximum duration of ${minutes} minutes.`
    this.#refuse(invalidRequest(message, null, 'session_expired'))
    this.#client.close(1001, message)
  }

  closed(): void {
    this.#hearing.stop()
    this.servers.stop()
    this.#answer?.stop()
    for (const answer of this.#apart.values()) answer.stop()
    this.#apart.clear()
    this.#answer = undefined
  }

  /** To be called when an answer has ended. */
  answered(answer: Answering): void {
    this.#apart.delete(answer.id)
    if (this.#answer !== answer) return
    this.#answer = undefined
    this.#hearing.answered(answer.soundMs)
  }

  /** The answer broke off: closes the connection with that code, or cuts it without one. */
  broken(code: number | undefined): void {
    if (code === undefined) this.#client.cut()
    else this.#client.close(code, code === 1011 ? 'The server had an error while processing your request.' : '')
  }

  /** An error of the service in the middle of an answer. */
  failed(error: JsonObject): void {
    this.tell({ type: 'error', error: { type: 'server_error', code: null, param: null, ...error, event_id: null } })
  }

  /** A spoken answer has ended. */
  spoke(heard: Pick<Spoken, 'soundMs' | 'gaps' | 'gapMs'>): void {
    const { live, findDeployment } = this.#call.resource
    const { model: deployment } = this.settings
    live.spoke({ deployment, model: findDeployment(deployment)?.model.name ?? deployment, ...heard })
  }

  #session(): JsonObject {
    const told = this.#about.isPreview ? toldPreviewSession : toldSession
    return told({ id: this.#id, expiresAt: this.#expiresAt, settings: this.settings })
  }

  #refuse({ type, code, message, param }: ApiError, event: JsonObject = {}): void {
    const eventId = typeof event['event_id'] === 'string' ? event['event_id'] : null
    this.tell({
      type: 'error',
      error: { type: type ?? 'invalid_request_error', code, message, param: param ?? null, event_id: eventId },
    })
  }

  #take(name: string, event: JsonObject): void {
    const { conversation } = this
    switch (name) {
      case 'session.update':
      case 'transcription_session.update':
        this.#update(name, event['session'] as JsonObject)
        return
      case 'input_audio_buffer.append':
        this.#hearing.append(event['audio'] as string)
        return
      case 'input_audio_buffer.commit':
        this.#hearing.commit()
        return
      case 'input_audio_buffer.clear':
        this.#hearing.clear()
        return
      case 'conversation.item.create':
        this.#create(event)
        return
      case 'conversation.item.retrieve':
        this.tell({
          type: 'conversation.item.retrieved',
          item: conversation.named(event['item_id'] as string, 'retrieve').told,
        })
        return
      case 'conversation.item.delete': {
        const item = conversation.named(event['item_id'] as string, 'delete')
        conversation.delete(item)
        this.tell({ type: 'conversation.item.deleted', item_id: item.id })
        return
      }
      case 'conversation.item.truncate':
        this.#truncate(event)
        return
      case 'response.create':
        this.#respond(event)
        return
      case 'response.cancel':
        this.#cancel(event['response_id'])
        return
      case 'output_audio_buffer.clear':
        throw notOverSockets()
    }
  }

  #update(name: string, session: JsonObject): void {
    const { settings } = this
    const { isPreview } = this.#about
    const isOfWriting = isPreview ? name !== 'session.update' : session['type'] === 'transcription'
    if (isOfWriting !== settings.isWriting)
      throw isOfWriting ? otherKind('transcription', 'realtime') : otherKind('realtime', 'transcription')
    const before = JSON.stringify(settings.voice)
    const changed = { ...settings }
    if (isPreview) changePreviewSettings(changed, session)
    else changeSettings(changed, session)
    if (Array.isArray(session['tools'])) changed.tools = this.servers.whole(changed.tools, 'session.tools')
    if (JSON.stringify(changed.voice) !== before && this.conversation.items.some(isSpoken)) throw voiceIsFixed()
    Object.assign(settings, changed)
    this.tell({
      type: isPreview && isOfWriting ? 'transcription_session.updated' : 'session.updated',
      session: this.#session(),
    })
    void this.servers.list(settings.tools)
  }

  #create({ item, previous_item_id: after }: JsonObject): void {
    if (!isObject(item)) return
    const id = typeof item['id'] === 'string' ? item['id'] : undefined
    this.conversation.admit(id, item['type'], item['call_id'])
    const isDecision = item['type'] === 'mcp_approval_response'
    if (isDecision) this.servers.questionOf(item)
    const place = this.conversation.placeAfter(after as string | null | undefined)
    const given = givenItem(id ?? this.newId('item'), item, this.settings.inputFormat)
    const previous = this.conversation.add(given, place)
    this.tell({ type: 'conversation.item.added', previous_item_id: previous, item: given.told })
    this.tell({ type: 'conversation.item.done', previous_item_id: previous, item: given.told })
    if (isDecision) this.servers.decided(item)
  }

  #truncate({ item_id: id, content_index: index, audio_end_ms: end }: JsonObject): void {
    const item = this.conversation.named(id as string, 'truncate')
    if (!isSpoken(item) || index !== 0) throw nothingToTruncate()
    const endMs = end as number
    if (endMs > item.soundMs) throw alreadyShorter(item.soundMs, endMs)
    this.conversation.replace(truncated(item, endMs))
    this.tell({ type: 'conversation.item.truncated', item_id: item.id, content_index: index, audio_end_ms: endMs })
  }

  #cancel(id: unknown): void {
    const isOfConversation = id === undefined || id === null || id === this.#answer?.id
    const answer = isOfConversation ? this.#answer : this.#apart.get(textOf(id))
    if (!answer) throw noAnswerToCancel()
    answer.cancel('client_cancelled')
  }

  #respond({ response }: JsonObject): void {
    if (this.settings.isWriting) throw onlyWriting()
    const asked = isObject(response) ? response : {}
    const isApart = asked['conversation'] === 'none'
    if (this.#answer && !isApart) throw alreadyAnswering(this.#answer.id)
    if (this.#apart.size >= maxApart) throw tooManyApart()
    this.conversation.refuseUnknown(asked['input'])
    const tools = Array.isArray(asked['tools'])
      ? this.servers.whole(asked['tools'].filter(isObject), 'response.tools')
      : this.settings.tools
    const answer = new Answering(this.#call, this, { ...asked, tools })
    if (isApart) this.#apart.set(answer.id, answer)
    else {
      this.#answer = answer
      this.#hearing.answering()
    }
    answer.start(this.servers.list(tools))
  }
}
