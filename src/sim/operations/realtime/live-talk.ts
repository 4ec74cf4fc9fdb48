/** A Live session (documented September 2026): the model hears and speaks without end, and hands tasks on to others. */
import { type Voice, voiceOf } from '../../answers/speech-sounds.ts'
import { type JsonObject, objectIn } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { Timer } from '../../clock.ts'
import { ApiError, invalidRequest as refusal } from '../../errors.ts'
import { ask, errorObjectIn } from '../../live/dispatch.ts'
import { JointRoom } from '../../live/joint-room.ts'
import type { LiveClient, LiveHandlers } from '../../live/session.ts'
import type { ChatMessage } from '../../measure/prompt-tokens.ts'
import type { AnyCall } from '../../operation.ts'
import { base62Text } from '../../random.ts'
import { realtimeDeployment } from './client-secrets.ts'
import { checkLiveEvent, type LiveSettings, type LiveUpdate, ofResponses, toldTask } from './live-schema.ts'
import { type Format, soundFormatOf } from './settings.ts'
import { speak } from './speaking.ts'
import { type HeardTurn, Turns } from './turns.ts'

/** The open sessions by their ids, for `resource.shelf`. */
export const liveTalks = () => new Map<string, LiveTalk>()

const minuteMs = 60_000
/** Later answers are based on this number of messages; older ones are forgotten. */
const maxMessages = 200

export class LiveTalk implements LiveHandlers {
  readonly #call: AnyCall
  /** The first of them owns the session; the others observe it, and may send events. */
  readonly #clients = new Set<LiveClient>()
  readonly #room = new JointRoom(this.#clients)
  readonly #maxMs: number
  readonly #minute: Timer
  readonly #startedAtMs: number
  readonly #messages: ChatMessage[] = []
  readonly #items: unknown[] = []
  readonly id: string
  #settings: LiveSettings | undefined
  #turns: Turns | undefined
  #voice: Voice = 'alloy'
  #format: Format = 'pcm'
  #isMuted = false
  #isOver = false
  #saidMs = 0
  #stop: (() => void) | undefined
  #stopTask: (() => void) | undefined

  constructor(call: AnyCall, client: LiveClient, maxMs: number) {
    const { clock, random } = call.resource
    this.#call = call
    this.#maxMs = maxMs
    this.id = `sess_${base62Text(random, 21)}`
    this.#startedAtMs = clock.now()
    this.#clients.add(client)
    this.#minute = clock.timer(() => this.#tellUsage())
  }

  /** Adds an observer. */
  attach(client: LiveClient): LiveHandlers {
    this.#clients.add(client)
    return {
      heard: (event) => this.heard(event),
      misheard: () => this.misheard(),
      expired: () => client.close(1001, ''),
      closed: () => {
        this.#clients.delete(client)
        this.#room.drained()
      },
    }
  }

  heard(event: JsonObject): void {
    try {
      const name = textOf(event['type'] ?? '')
      checkLiveEvent(event, name)
      if (name === 'session.start') this.#start(event)
      else if (this.#settings) this.#take(name, event, this.#settings)
      else throw refusal('The session has not started: send session.start first.', 'type', 'session_not_started')
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#refuse(error, event)
    }
  }

  misheard(): void {
    this.#refuse(refusal('The event is not a valid JSON object.', null, 'invalid_json'))
  }

  expired(): void {
    this.#end('expired', 1001)
  }

  closed(): void {
    this.#end('connection_lost', 1001)
    this.#minute.cancel()
    this.#stop?.()
    this.#stopTask?.()
    this.#call.resource.live.shelf(liveTalks).delete(this.id)
  }

  #newId(prefix: string): string {
    return `${prefix}_${base62Text(this.#call.resource.random, 21)}`
  }

  #tell(type: string, fields: JsonObject = {}, cause?: JsonObject): void {
    const isSound = type === 'session.output_audio.delta'
    const client = typeof cause?.['event_id'] === 'string' ? { client_event_id: cause['event_id'] } : {}
    const event = { type, ...(!isSound && { event_id: this.#newId('event') }), ...fields, ...client }
    for (const one of this.#clients) one.tell(event)
  }

  #refuse({ type, code, message, param }: ApiError, event: JsonObject = {}): void {
    const id = typeof event['event_id'] === 'string' ? { client_event_id: event['event_id'] } : {}
    const error = {
      type: type ?? 'invalid_request_error',
      code: code ?? 'invalid_value',
      message,
      ...(param && { param }),
      ...id,
    }
    this.#tell('error', { error, ...id })
  }

  #start(event: JsonObject): void {
    if (this.#settings) throw refusal('The session has already started.', 'type', 'session_already_started')
    const settings = event['session'] as LiveSettings
    realtimeDeployment(this.#call, settings.model)
    const { audio, input } = settings
    this.#settings = settings
    this.#voice = voiceOf(audio?.output?.voice)
    this.#format = soundFormatOf(audio?.format) ?? 'pcm'
    this.#turns = new Turns(this.#format, this.#call.resource.random)
    for (const { role, content } of input ?? [])
      this.#remember({
        role: role === 'developer' ? 'system' : role,
        content: content.map(({ text }) => text).join(''),
      })
    this.#call.resource.live.shelf(liveTalks).set(this.id, this)
    this.#tell('session.started', { session: this.#session(settings) }, event)
    this.#minute.set(this.#call.resource.clock.now() + minuteMs)
  }

  /** With the delegation in force, but without keys of other people's tools. */
  #session({ model, audio, instructions, delegation, store }: LiveSettings): JsonObject {
    return {
      id: this.id,
      expires_at: Math.floor((this.#startedAtMs + this.#maxMs) / 1000),
      model,
      status: 'active',
      audio: {
        format: audio?.format ?? { type: 'audio/pcm', rate: 24_000 },
        output: { voice: audio?.output?.voice ?? 'marin' },
      },
      delegation: delegation
        ? { ...delegation, ...(delegation.responses && { responses: toldTask(delegation.responses) }) }
        : null,
      instructions: instructions ?? null,
      store: store ?? false,
    }
  }

  #take(name: string, event: JsonObject, settings: LiveSettings): void {
    switch (name) {
      case 'session.update':
        this.#update(event, settings)
        return
      case 'session.input_audio.append':
        this.#hear(event['audio'] as string, settings)
        return
      case 'session.input_audio.mute':
      case 'session.input_audio.unmute':
        this.#isMuted = name.endsWith('.mute')
        this.#tell(`session.input_audio.${this.#isMuted ? 'muted' : 'unmuted'}`, {}, event)
        return
      case 'session.instructions.append':
      case 'session.thinking.append':
      case 'session.commentary.append':
        this.#append(name, event, settings)
        return
      case 'response.item.create':
        ofResponses(settings)
        if (this.#items.length >= maxMessages) throw refusal('There are too many items.', 'item', 'too_many_items')
        this.#items.push(event['item'])
        return
      case 'response.create':
        this.#respond(ofResponses(settings), null, event)
        return
      case 'session.close':
        this.#end('close_requested', 1000, event)
    }
  }

  #update(event: JsonObject, settings: LiveSettings): void {
    const { delegation } = event['session'] as LiveUpdate
    if (delegation) {
      const known = settings.delegation
      if ((known?.type ?? 'client') !== delegation.type)
        throw refusal('The type of delegation cannot change.', 'session.delegation.type', 'invalid_value')
      const responses = { ...known?.responses, ...delegation.responses }
      this.#settings = {
        ...settings,
        delegation: { ...known, ...delegation, ...(delegation.responses && { responses }) },
      }
    }
    this.#tell('session.updated', { session: this.#session(this.#settings ?? settings) }, event)
  }

  #hear(audio: string, settings: LiveSettings): void {
    for (const heard of this.#turns?.hear(audio, this.#isMuted) ?? []) {
      if (heard.isInterrupting) this.#hush()
      for (const said of heard.said) this.#answer(said, settings)
    }
  }

  /** Stops speaking, as the user speaks. */
  #hush(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  #answer({ text, startMs, endMs }: HeardTurn, settings: LiveSettings): void {
    const words = text.match(/\s*\S+/g) ?? [text]
    for (const [at, delta] of words.entries())
      this.#tell('session.input_transcript.delta', {
        delta,
        start_ms: between(startMs, endMs, at / words.length),
        end_ms: between(startMs, endMs, (at + 1) / words.length),
      })
    this.#remember({ role: 'user', content: text })
    const { delegation } = settings
    if (delegation) this.#delegate(delegation.type, text, settings)
    this.#speak(settings)
  }

  #remember(message: ChatMessage): void {
    this.#messages.push(message)
    if (this.#messages.length > maxMessages) this.#messages.shift()
  }

  #delegate(target: 'client' | 'responses', text: string, settings: LiveSettings): void {
    const id = this.#newId('dlg')
    const offset = Math.round(this.#turns?.heardMs ?? 0)
    this.#tell('session.delegation.created', { offset_ms: offset, delegation: { id, type: 'delegation', target } })
    if (target === 'client') return
    this.#items.push({ type: 'message', role: 'user', content: text })
    this.#respond(ofResponses(settings), id)
  }

  /** Makes a request to Responses, and passes its events on as they arrive. */
  #respond(responses: JsonObject, delegationId: string | null, cause?: JsonObject): void {
    if (this.#stopTask) throw refusal('A response is on its way already.', null, 'response_already_active')
    const input = this.#items.splice(0)
    const told = (event: JsonObject) => this.#tell('response.event', { event, delegation_id: delegationId }, cause)
    this.#stopTask = ask(
      this.#call,
      { url: '/openai/v1/responses', body: { ...responses, input, stream: true } },
      {
        room: this.#room,
        event: (json) => {
          // A rule may have broken it, and invalid JSON cannot be part of another event.
          const event = objectIn(json)
          if (event) told(event)
        },
        done: (status, body) => {
          this.#stopTask = undefined
          if (status >= 400) this.#failed(errorObjectIn(body))
        },
        broken: (code) => this.#broken(code),
      },
    )
  }

  #append(name: string, event: JsonObject, settings: LiveSettings): void {
    const content = textOf(event['content'])
    const atMs = Math.round(this.#turns?.heardMs ?? 0)
    this.#tell(`${name}ed`, { start_ms: atMs, end_ms: atMs }, event)
    this.#remember({ role: 'system', content })
    // Commentary is spoken; thinking is not.
    if (name === 'session.commentary.append') this.#speak(settings)
  }

  #speak({ model, instructions }: LiveSettings): void {
    this.#hush()
    const fromMs = Math.max(this.#saidMs, Math.round(this.#turns?.heardMs ?? 0))
    let textMs = fromMs
    let text = ''
    const messages = [{ role: 'system', content: instructions ?? '' }, ...this.#messages]
    const about = { model, messages, heardTokens: 0, voice: this.#voice, format: this.#format }
    this.#stop = speak(this.#call, about, {
      room: this.#room,
      text: (delta) => {
        text += delta
        const endMs = textMs + msPerToken
        this.#tell('session.output_transcript.delta', { delta, start_ms: textMs, end_ms: endMs })
        textMs = endMs
      },
      sound: (delta, startMs, endMs) => {
        this.#saidMs = fromMs + endMs
        this.#tell('session.output_audio.delta', { delta, start_ms: fromMs + startMs, end_ms: fromMs + endMs })
      },
      done: () => {
        this.#stop = undefined
        this.#remember({ role: 'assistant', content: text })
      },
      failed: (error) => this.#failed(error),
      broken: (code) => this.#broken(code),
    })
  }

  #failed({ type = 'server_error', code, message = 'The server had an error.', param }: JsonObject): void {
    this.#stop = undefined
    this.#tell('error', {
      error: { type, code: code ?? 'server_error', message, ...(typeof param === 'string' && { param }) },
    })
  }

  #broken(code: number | undefined): void {
    for (const client of this.#clients)
      if (code === undefined) client.cut()
      else client.close(code, '')
  }

  #usage = () => ({ seconds: Math.round((this.#turns?.heardMs ?? 0) / 1000) })

  #tellUsage(): void {
    const { clock } = this.#call.resource
    const usage_ratio = Math.min(1, (clock.now() - this.#startedAtMs) / this.#maxMs)
    this.#tell('session.usage.updated', { usage: this.#usage(), context_window: { usage_ratio } })
    this.#minute.set(clock.now() + minuteMs)
  }

  #end(reason: 'close_requested' | 'expired' | 'connection_lost', code: number, cause?: JsonObject): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#hush()
    if (this.#settings)
      this.#tell('session.closed', { reason, session: this.#session(this.#settings), usage: this.#usage() }, cause)
    for (const client of this.#clients) client.close(code, '')
  }
}

/** About three tokens per second: a guess. */
const msPerToken = 320

const between = (from: number, to: number, share: number) => Math.round(from + (to - from) * share)
