/** One Realtime session: its settings, its conversation, what it hears, and the answer that is on its way. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { loremText } from '../../generators/text/lorem.ts'
import type { Client, Json, Told } from '../../live/session.ts'
import type { AnyCall } from '../../operation.ts'
import { base62Text } from '../../random.ts'
import { Answering } from './answering.ts'
import type { Item } from './item.ts'
import { changeSettings, previewEvent, serverVad, type Settings, toldPreviewSession, toldSession } from './shape.ts'
import { type Format, hertzIn, samplesOf } from './sound.ts'
import { type Detection, VoiceDetector } from './voice-detection.ts'

export type About = { readonly model: string; readonly isPreview: boolean; readonly maxMs: number }

export class RealtimeSession implements Told {
  readonly settings: Settings
  readonly items: Item[] = []
  readonly conversationId: string
  readonly #call: AnyCall
  readonly #client: Client
  readonly #about: About
  readonly #voice = new VoiceDetector()
  readonly #id: string
  readonly #expiresAt: number
  #bufferedMs = 0
  #speech: { readonly id: string; readonly startMs: number } | undefined
  #answer: Answering | undefined

  constructor(call: AnyCall, client: Client, about: About) {
    this.#call = call
    this.#client = client
    this.#about = about
    this.#id = this.newId('sess')
    this.conversationId = this.newId('conv')
    this.#expiresAt = Math.floor((call.resource.clock.now() + about.maxMs) / 1000)
    this.settings = {
      model: about.model,
      instructions:
        'You are a helpful, witty and friendly assistant. Talk quickly, and answer in the language of the user.',
      modalities: ['audio'],
      voice: 'alloy',
      inputFormat: 'audio/pcm',
      outputFormat: 'audio/pcm',
      transcription: null,
      turnDetection: serverVad,
      tools: [],
      toolChoice: 'auto',
      maxTokens: 'inf',
      temperature: 0.8,
      more: {},
    }
    this.tell({ type: 'session.created', session: this.#session() })
    if (about.isPreview)
      this.tell({
        type: 'conversation.created',
        conversation: { id: this.conversationId, object: 'realtime.conversation' },
      })
  }

  newId(prefix: string): string {
    return `${prefix}_${base62Text(this.#call.resource.random, 21)}`
  }

  /** The type first, then the event's own id. */
  tell({ type, ...rest }: Json): void {
    const told = this.#about.isPreview ? previewEvent({ type, ...rest }) : { type, ...rest }
    if (!told) return
    const { type: name, ...fields } = told
    this.#client.tell({ type: name, event_id: this.newId('event'), ...fields })
  }

  get outputFormat(): Format {
    return this.settings.outputFormat.slice('audio/'.length) as Format
  }

  add(item: Item): void {
    const previous = this.items.at(-1)?.id ?? null
    this.items.push(item)
    this.tell({ type: 'conversation.item.added', previous_item_id: previous, item: item.told })
  }

  heard(event: Json): void {
    const { type } = event
    const handlers = this.#handlers
    const name = textOf(type)
    if (Object.hasOwn(handlers, name)) handlers[name]?.(event)
    else
      this.#refuse(
        event,
        'invalid_value',
        `Invalid value: '${name}'. Supported values are: ${Object.keys(handlers)
          .map((one) => `'${one}'`)
          .join(', ')}.`,
        'type',
      )
  }

  misheard(): void {
    this.#refuse({}, 'invalid_request_error', 'The event is not a valid JSON object.', null)
  }

  expired(): void {
    const message = 'Your session hit the maximum duration of 60 minutes.'
    this.#refuse({}, 'session_expired', message, null)
    this.#client.close(1001, message)
  }

  closed(): void {
    this.#answer?.stop()
    this.#answer = undefined
  }

  /** The answer is over. */
  answered(): void {
    this.#answer = undefined
  }

  broken(isCut: boolean): void {
    this.#answer = undefined
    if (isCut) this.#client.cut()
    else this.#client.close(1011, 'The server had an error while processing your request.')
  }

  #session(): Json {
    const told = this.#about.isPreview ? toldPreviewSession : toldSession
    return told(this.#id, this.#expiresAt, this.settings)
  }

  #refuse({ event_id: eventId = null }: Json, code: string, message: string, param: string | null = null): void {
    this.tell({ type: 'error', error: { type: 'invalid_request_error', code, message, param, event_id: eventId } })
  }

  readonly #handlers: Readonly<Record<string, (event: Json) => void>> = {
    'session.update': (event) => {
      const { session } = event
      if (!isObject(session)) {
        this.#refuse(event, 'missing_required_parameter', "Missing required parameter: 'session'.", 'session')
        return
      }
      const { isPreview } = this.#about
      if (isPreview && session['type'] !== undefined) {
        this.#refuse(event, 'unknown_parameter', "Unknown parameter: 'session.type'.", 'session.type')
        return
      }
      if (!isPreview && session['type'] === undefined) {
        this.#refuse(event, 'missing_required_parameter', "Missing required parameter: 'session.type'.", 'session.type')
        return
      }
      changeSettings(this.settings, session, isPreview)
      this.tell({ type: 'session.updated', session: this.#session() })
    },
    'transcription_session.update': (event) => {
      if (isObject(event['session'])) changeSettings(this.settings, event['session'], true)
      this.tell({ type: 'transcription_session.updated', session: this.#session() })
    },
    'input_audio_buffer.append': (event) => {
      if (typeof event['audio'] !== 'string') {
        this.#refuse(event, 'missing_required_parameter', "Missing required parameter: 'audio'.", 'audio')
        return
      }
      this.#hear(Buffer.from(event['audio'], 'base64'))
    },
    'input_audio_buffer.commit': (event) => {
      if (this.#bufferedMs < 100) {
        this.#refuse(
          event,
          'input_audio_buffer_commit_empty',
          `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${this.#bufferedMs.toFixed(2)}ms of audio.`,
        )
        return
      }
      this.#commit(this.#speech?.id ?? this.newId('item'), this.#bufferedMs)
    },
    'input_audio_buffer.clear': () => {
      this.#bufferedMs = 0
      this.#speech = undefined
      this.#voice.reset()
      this.tell({ type: 'input_audio_buffer.cleared' })
    },
    'output_audio_buffer.clear': (event) =>
      this.#refuse(event, 'invalid_value', 'output_audio_buffer.clear is only for WebRTC and SIP.', 'type'),
    'conversation.item.create': (event) => this.#create(event),
    'conversation.item.retrieve': (event) => {
      const item = this.#named(event, 'item_retrieve_invalid_item_id')
      if (item) this.tell({ type: 'conversation.item.retrieved', item: item.told })
    },
    'conversation.item.delete': (event) => {
      const item = this.#named(event, 'item_delete_invalid_item_id')
      if (!item) return
      this.items.splice(this.items.indexOf(item), 1)
      this.tell({ type: 'conversation.item.deleted', item_id: item.id })
    },
    'conversation.item.truncate': (event) => {
      const item = this.#named(event, 'item_truncate_invalid_item_id')
      if (!item) return
      const endMs = Number(event['audio_end_ms'] ?? 0)
      if (endMs > item.soundMs) {
        this.#refuse(
          event,
          'invalid_value',
          `Audio content of ${item.soundMs}ms is already shorter than ${endMs}ms`,
          'audio_end_ms',
        )
        return
      }
      item.soundMs = endMs
      this.tell({
        type: 'conversation.item.truncated',
        item_id: item.id,
        content_index: event['content_index'] ?? 0,
        audio_end_ms: endMs,
      })
    },
    'response.create': (event) => this.#respond(event),
    'response.cancel': (event) => {
      if (!this.#answer) {
        this.#refuse(event, 'response_cancel_not_active', 'Cancellation failed: no active response found')
        return
      }
      this.#answer.cancel('client_cancelled')
    },
  }

  #named(event: Json, code: string): Item | undefined {
    const id = textOf(event['item_id'])
    const item = this.items.find((one) => one.id === id)
    if (!item) this.#refuse(event, code, `Item with item_id not found: ${id}`, 'item_id')
    return item
  }

  #create(event: Json): void {
    const { item, previous_item_id: after } = event
    if (!isObject(item)) {
      this.#refuse(event, 'missing_required_parameter', "Missing required parameter: 'item'.", 'item')
      return
    }
    const place =
      after === 'root'
        ? 0
        : typeof after === 'string'
          ? this.items.findIndex(({ id }) => id === after) + 1
          : this.items.length
    if (typeof after === 'string' && after !== 'root' && place === 0) {
      this.#refuse(
        event,
        'item_create_invalid_previous_item_id',
        `Previous item with item_id not found: ${after}`,
        'previous_item_id',
      )
      return
    }
    const { id: given, ...rest } = item
    const id = typeof given === 'string' ? given : this.newId('item')
    const told = { id, status: 'completed', ...rest }
    const previous = this.items[place - 1]?.id ?? null
    this.items.splice(place, 0, { id, told, soundMs: 0 })
    this.tell({ type: 'conversation.item.added', previous_item_id: previous, item: told })
    this.tell({ type: 'conversation.item.done', previous_item_id: previous, item: told })
  }

  #detection(): Detection | undefined {
    const detection = this.settings.turnDetection
    if (!detection) return undefined
    const number = (name: string, usual: number) => (typeof detection[name] === 'number' ? detection[name] : usual)
    if (detection['type'] !== 'semantic_vad')
      return {
        threshold: number('threshold', 0.5),
        prefixMs: number('prefix_padding_ms', 300),
        silenceMs: number('silence_duration_ms', 200),
      }
    const silenceMs = detection['eagerness'] === 'high' ? 300 : detection['eagerness'] === 'low' ? 1_200 : 600
    return { threshold: 0.5, prefixMs: 300, silenceMs }
  }

  #hear(bytes: Buffer): void {
    const format = this.settings.inputFormat.slice('audio/'.length) as Format
    const samples = samplesOf(bytes, format)
    const hertz = hertzIn(format)
    this.#bufferedMs += (samples.length * 1000) / hertz
    const detection = this.#detection()
    for (const { kind, atMs } of this.#voice.hear(samples, hertz, detection)) {
      if (kind === 'started') {
        const id = this.newId('item')
        this.#speech = { id, startMs: atMs }
        this.tell({ type: 'input_audio_buffer.speech_started', audio_start_ms: atMs, item_id: id })
        if (this.settings.turnDetection?.['interrupt_response'] !== false) this.#answer?.cancel('turn_detected')
      } else {
        const { id, startMs } = this.#speech ?? { id: this.newId('item'), startMs: 0 }
        this.tell({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: atMs, item_id: id })
        this.#commit(id, atMs - startMs)
        if (
          this.settings.turnDetection?.['create_response'] !== false &&
          this.settings.more['type'] !== 'transcription' &&
          !this.#answer
        )
          this.#respond({})
      }
    }
    // Of quiet no more is kept than what goes before speech.
    if (detection && !this.#voice.isSpeaking) this.#bufferedMs = Math.min(this.#bufferedMs, detection.prefixMs)
  }

  #commit(id: string, soundMs: number): void {
    const previous = this.items.at(-1)?.id ?? null
    this.#bufferedMs = 0
    this.#speech = undefined
    this.tell({ type: 'input_audio_buffer.committed', previous_item_id: previous, item_id: id })
    const transcript = loremText(Math.max(1, Math.round(soundMs / 400)), this.#call.resource.random)
    const part = { type: 'input_audio', transcript: null as string | null }
    const item: Item = {
      id,
      soundMs,
      told: { id, type: 'message', status: 'completed', role: 'user', content: [part] },
    }
    this.add(item)
    this.tell({ type: 'conversation.item.done', previous_item_id: previous, item: item.told })
    if (!this.settings.transcription) return
    part.transcript = transcript
    const at = { item_id: id, content_index: 0 }
    this.tell({ type: 'conversation.item.input_audio_transcription.delta', ...at, delta: transcript })
    const usage = { type: 'duration', seconds: Math.ceil(soundMs / 1000) }
    this.tell({ type: 'conversation.item.input_audio_transcription.completed', ...at, transcript, usage })
  }

  #respond(event: Json): void {
    if (this.#answer && !(isObject(event['response']) && event['response']['conversation'] === 'none')) {
      this.#refuse(
        event,
        'conversation_already_has_active_response',
        `Conversation already has an active response in progress: ${this.#answer.id}. Wait until the response is finished before creating a new one.`,
      )
      return
    }
    const answer = new Answering(this.#call, this, isObject(event['response']) ? event['response'] : {})
    if (!answer.isApart) this.#answer = answer
    answer.start()
  }
}
