/** One answer of a session: asked for by a request of its own, and told by events as it arrives. */
import { isObject, type JsonObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { type Voice, voiceOf } from '../../answers/speech-sounds.ts'
import { ask } from '../../live/dispatch.ts'
import type { AnyCall } from '../../operation.ts'
import { givenItem, heardTokens, type SessionItem, chatMessageOf } from './item.ts'
import { limitsIn, refusalIn } from './inner-answer.ts'
import { type RespondBody, type ResponseStep, sessionWord, wordHeader } from './respond.ts'
import { type Padding, padding } from '../parts/obfuscation.ts'
import { Playback } from './playback.ts'
import type { RealtimeSession } from './session.ts'
import { type Format, soundFormatOf, fullFormat } from './settings.ts'
import { spoken } from './sound.ts'

type Open = { readonly id: string; readonly kind: 'message' | 'call'; readonly index: number; told: JsonObject }

export class Answering {
  readonly id: string
  /** It does not become part of the conversation. */
  readonly isApart: boolean
  readonly #call: AnyCall
  readonly #session: RealtimeSession
  readonly #asked: JsonObject
  readonly #output: JsonObject[] = []
  readonly #isSpoken: boolean
  readonly #voice: Voice
  readonly #voiceName: unknown
  readonly #pad: Padding
  readonly #format: Format
  #open: Open | undefined
  #text = ''
  /** Duration of the speech so far. */
  soundMs = 0
  #end: Extract<ResponseStep, { type: 'end' }> | undefined
  #limits: readonly JsonObject[] = []
  #heard = 0
  readonly #playback = new Playback()
  #stop: () => void = () => undefined
  #isOver = false

  constructor(call: AnyCall, session: RealtimeSession, asked: JsonObject) {
    this.#call = call
    this.#session = session
    this.#asked = asked
    this.id = session.newId('resp')
    this.isApart = asked['conversation'] === 'none'
    const modalities = asked['output_modalities'] ?? asked['modalities'] ?? session.settings.modalities
    this.#isSpoken = Array.isArray(modalities) && modalities.includes('audio')
    const audio = isObject(asked['audio']) && isObject(asked['audio']['output']) ? asked['audio']['output'] : {}
    this.#voiceName = asked['voice'] ?? audio['voice'] ?? session.settings.voice
    this.#voice = voiceOf(this.#voiceName)
    this.#pad = padding(call.resource.random)
    this.#format = soundFormatOf(audio['format'] ?? asked['output_audio_format']) ?? session.settings.outputFormat
  }

  start(): void {
    const session = this.#session
    session.tell({ type: 'response.created', response: this.#told('in_progress') })
    const items = this.#items()
    this.#heard = heardTokens(items)
    const own: Readonly<Record<string, string>> = {
      'content-type': 'application/json',
      [wordHeader]: this.#call.resource.live.shelf(sessionWord),
    }
    const headers = { get: (name: string) => own[name] ?? null }
    this.#stop = ask(
      this.#call,
      { url: '/openai/v1/realtime/respond', body: this.#request(items), headers },
      {
        begun: (answer) => (this.#limits = limitsIn(answer.headers)),
        event: (json) => this.#hearText(json),
        done: (status, text) => this.#done(status, text),
        broken: (code) => {
          this.#isOver = true
          session.broken(code)
        },
      },
    )
  }

  /** What it answers: the conversation, or what the client gave in its place. */
  #items(): readonly SessionItem[] {
    const { conversation, settings } = this.#session
    const { input } = this.#asked
    if (!Array.isArray(input)) return conversation.items
    return input
      .filter(isObject)
      .flatMap((item) =>
        item['type'] === 'item_reference'
          ? conversation.items.filter(({ id }) => id === item['id'])
          : [givenItem('', item, settings.inputFormat)],
      )
  }

  get #maxTokens(): unknown {
    const { max_output_tokens: max, max_response_output_tokens: former } = this.#asked
    return max ?? former ?? this.#session.settings.maxTokens
  }

  #request(items: readonly SessionItem[]): RespondBody & { readonly model: string } {
    const { settings } = this.#session
    const { instructions, tools, tool_choice: choice } = this.#asked
    const offered = (Array.isArray(tools) ? tools.filter(isObject) : settings.tools).filter(
      ({ type }) => type === 'function',
    )
    const max = this.#maxTokens
    const wanted = choice ?? settings.toolChoice
    const named = isObject(wanted) ? [wanted['name']] : undefined
    const mode = named ? 'named' : wanted === 'none' || wanted === 'required' ? wanted : 'auto'
    return {
      model: settings.model,
      messages: [
        { role: 'system', content: textOf(instructions ?? settings.instructions) },
        ...items.map(chatMessageOf),
      ],
      tools: offered.map(({ name, parameters }) => ({ kind: 'function', name: textOf(name), parameters })),
      calling: { mode, ...(named && { names: named }), mayBeParallel: true },
      maxTokens: typeof max === 'number' ? max : undefined,
      isSpoken: this.#isSpoken,
      heardTokens: this.#heard,
    }
  }

  stop(): void {
    this.#isOver = true
    this.#stop()
  }

  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    if (this.#isOver) return
    this.stop()
    if (this.#open) this.#closeItem('incomplete')
    this.#finish('cancelled', { type: 'cancelled', reason })
  }

  #hearText(json: string): void {
    if (this.#isOver) return
    let said: ResponseStep | { readonly type?: undefined; readonly error?: unknown }
    try {
      said = JSON.parse(json) as ResponseStep | { readonly type?: undefined }
    } catch {
      // A rule wants it so.
      this.#session.tellText(json)
      return
    }
    if (said.type !== undefined) this.#hearEvent(said)
    else if (isObject(said.error)) this.#failed(said.error)
  }

  /** An error in the middle of it. */
  #failed(error: JsonObject): void {
    this.stop()
    this.#session.failed(error)
    if (this.#open) this.#closeItem('incomplete')
    const { type = 'server_error', code = null } = error
    this.#finish('failed', { type: 'failed', error: { type, code } })
  }

  #hearEvent(said: ResponseStep): void {
    const session = this.#session
    switch (said.type) {
      case 'text.delta': {
        const at = this.#message()
        this.#text += said.delta
        const type = this.#isSpoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta'
        session.tell({
          type,
          ...at,
          delta: said.delta,
          ...(this.#isSpoken && { obfuscation: this.#pad(said.delta.length, 0) }),
        })
        return
      }
      case 'sound': {
        const at = this.#message()
        this.soundMs = said.toMs
        this.#playback.came(said.toMs - said.fromMs, this.#call.resource.clock.now())
        session.tell({
          type: 'response.output_audio.delta',
          ...at,
          delta: spoken(this.#voice, this.#format, said.fromMs, said.toMs),
        })
        return
      }
      case 'call': {
        const told = { type: 'function_call', name: said.name, call_id: said.id, arguments: '' }
        this.#openItem('call', told)
        return
      }
      case 'arguments.delta': {
        this.#text += said.delta
        session.tell({
          type: 'response.function_call_arguments.delta',
          ...this.#place(),
          call_id: this.#open?.told['call_id'],
          delta: said.delta,
        })
        return
      }
      case 'called':
        this.#closeItem('completed')
        return
      case 'end':
        this.#end = said
    }
  }

  #place() {
    const { id = '', index = 0 } = this.#open ?? {}
    return { response_id: this.id, item_id: id, output_index: index }
  }

  #message() {
    if (!this.#open) {
      this.#openItem('message', { type: 'message', role: 'assistant', content: [] })
      const part = this.#isSpoken ? { type: 'audio', transcript: '' } : { type: 'text', text: '' }
      this.#session.tell({ type: 'response.content_part.added', ...this.#place(), content_index: 0, part })
    }
    return { ...this.#place(), content_index: 0 }
  }

  #openItem(kind: Open['kind'], fields: JsonObject): void {
    const id = this.#session.newId('item')
    const { type, ...rest } = fields
    const told = { id, type, status: 'in_progress', ...rest }
    this.#open = { id, kind, index: this.#output.length, told }
    this.#text = ''
    this.#session.tell({
      type: 'response.output_item.added',
      response_id: this.id,
      output_index: this.#open.index,
      item: told,
    })
    if (!this.isApart) this.#session.add({ id, told, soundMs: 0 })
  }

  #closeItem(status: 'completed' | 'incomplete'): void {
    const open = this.#open
    if (!open) return
    const session = this.#session
    const at = this.#place()
    let told: JsonObject
    if (open.kind === 'call') {
      const { call_id, name } = open.told
      session.tell({ type: 'response.function_call_arguments.done', ...at, call_id, name, arguments: this.#text })
      told = { ...open.told, status, arguments: this.#text }
    } else {
      const within = { ...at, content_index: 0 }
      const transcript = this.#text
      if (this.#isSpoken) {
        session.tell({ type: 'response.output_audio.done', ...within })
        session.tell({ type: 'response.output_audio_transcript.done', ...within, transcript })
      } else session.tell({ type: 'response.output_text.done', ...within, text: transcript })
      const part = this.#isSpoken ? { type: 'audio', transcript } : { type: 'text', text: transcript }
      session.tell({ type: 'response.content_part.done', ...within, part })
      const content = this.#isSpoken ? { type: 'output_audio', transcript } : { type: 'output_text', text: transcript }
      told = { ...open.told, status, content: [content] }
    }
    this.#output.push(told)
    const { conversation } = session
    if (conversation.find(open.id)) {
      conversation.replace({ id: open.id, told, soundMs: open.kind === 'message' ? this.soundMs : 0 })
      session.tell({ type: 'conversation.item.done', previous_item_id: conversation.before(open), item: told })
    }
    session.tell({ type: 'response.output_item.done', response_id: this.id, output_index: open.index, item: told })
    this.#open = undefined
  }

  #done(status: number, body: string): void {
    if (this.#isOver) return
    this.#isOver = true
    if (status >= 400) {
      this.#finish('failed', { type: 'failed', error: refusalIn(status, body) })
      return
    }
    if (!this.#end) {
      this.#session.broken(1011)
      return
    }
    const { finish } = this.#end
    const reason =
      finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? 'content_filter' : undefined
    if (this.#open) this.#closeItem(reason ? 'incomplete' : 'completed')
    this.#finish(reason ? 'incomplete' : 'completed', reason ? { type: 'incomplete', reason } : null)
  }

  #finish(status: string, details: JsonObject | null): void {
    const session = this.#session
    session.answered(this)
    if (this.soundMs > 0)
      session.spoke({ soundMs: this.soundMs, gaps: this.#playback.gaps, gapMs: this.#playback.gapMs })
    session.tell({ type: 'response.done', response: this.#told(status, details) })
    if (this.#limits.length > 0) session.tell({ type: 'rate_limits.updated', rate_limits: this.#limits })
  }

  #told(status: string, details: JsonObject | null = null): JsonObject {
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: this.#output,
      conversation_id: this.isApart ? null : this.#session.conversationId,
      output_modalities: this.#isSpoken ? ['audio'] : ['text'],
      max_output_tokens: this.#maxTokens,
      audio: { output: { format: fullFormat(this.#format), voice: this.#voiceName } },
      usage: status === 'in_progress' ? null : this.#usage(),
      metadata: this.#asked['metadata'] ?? null,
    }
  }

  #usage(): JsonObject | null {
    if (!this.#end) return null
    const { promptTokens, textTokens, soundTokens } = this.#end
    const cached = { cached_tokens: 0, cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 } }
    return {
      total_tokens: promptTokens + textTokens + soundTokens,
      input_tokens: promptTokens,
      output_tokens: textTokens + soundTokens,
      input_token_details: {
        text_tokens: promptTokens - this.#heard,
        audio_tokens: this.#heard,
        image_tokens: 0,
        ...cached,
      },
      output_token_details: { text_tokens: textTokens, audio_tokens: soundTokens },
    }
  }
}
