/** One answer of a session: it makes its own request, and sends events as the answer arrives. */
import { isObject, type JsonObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { emptySchema } from '../../answers/mcp/tools.ts'
import { type Voice, voiceOf } from '../../answers/speech-sounds.ts'
import { ask } from '../../live/dispatch.ts'
import type { AnyCall } from '../../operation.ts'
import { givenItem, heardTokens, type SessionItem, latestMessages } from './item.ts'
import { limitsAfter, limitsIn, type RateLimit, refusalIn, spokenUsage } from './inner-answer.ts'
import { AnswerItems } from './answer-items.ts'
import type { OfferedTool } from './mcp-servers.ts'
import { chosenNames } from './mcp-named.ts'
import { type RespondBody, type ResponseStep, sessionWord, wordHeader } from './respond.ts'
import { padding } from '../parts/obfuscation.ts'
import { Playback } from './playback.ts'
import type { RealtimeSession } from './session.ts'
import { type Format, soundFormatOf, fullFormat } from './settings.ts'
import { spoken } from './sound.ts'

export class Answering {
  readonly id: string
  /** It does not become part of the conversation. */
  readonly isApart: boolean
  readonly #call: AnyCall
  readonly #session: RealtimeSession
  readonly #asked: JsonObject
  readonly #items: AnswerItems
  readonly #isSpoken: boolean
  readonly #voice: Voice
  readonly #voiceName: unknown
  readonly #format: Format
  #end: Extract<ResponseStep, { type: 'end' }> | undefined
  #limits: readonly RateLimit[] = []
  #heard = 0
  readonly #playback = new Playback()
  #stop: () => void = () => undefined
  #isOver = false
  /** What servers had to offer when it began. */
  #offered: readonly OfferedTool[] = []

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
    this.#format = soundFormatOf(audio['format'] ?? asked['output_audio_format']) ?? session.settings.outputFormat
    const { id, isApart } = this
    const isSpoken = this.#isSpoken
    this.#items = new AnswerItems(session, { id, isApart, isSpoken, pad: padding(call.resource.random) })
  }

  /** Duration of the speech so far. */
  get soundMs(): number {
    return this.#items.soundMs
  }

  /** Where it names servers that are not known yet, when these have said what they have. */
  start(isReady: Promise<void> | undefined): void {
    this.#session.tell({ type: 'response.created', response: this.#told('in_progress') })
    if (!isReady) this.#begin()
    else
      void isReady.then(() => {
        if (!this.#isOver) this.#begin()
      })
  }

  #begin(): void {
    const session = this.#session
    const items = this.#given()
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
        room: session.room,
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

  /** The items to answer: the conversation, or the client's own input. */
  #given(): readonly SessionItem[] {
    const { conversation, settings } = this.#session
    const { input } = this.#asked
    if (!Array.isArray(input)) return conversation.items
    const byId = new Map(conversation.items.map((item) => [item.id, item]))
    return input
      .filter(isObject)
      .flatMap((item) =>
        item['type'] === 'item_reference'
          ? (byId.get(textOf(item['id'])) ?? [])
          : givenItem('', item, settings.inputFormat),
      )
  }

  get #maxTokens(): unknown {
    const { max_output_tokens: max, max_response_output_tokens: former } = this.#asked
    return max ?? former ?? this.#session.settings.maxTokens
  }

  #request(items: readonly SessionItem[]): RespondBody & { readonly model: string } {
    const { settings } = this.#session
    const { instructions, tool_choice: choice } = this.#asked
    const tools = (this.#asked['tools'] as readonly JsonObject[] | undefined) ?? settings.tools
    const own = tools.filter(({ type }) => type === 'function')
    const ownNames = new Set(own.map(({ name }) => name))
    // Of one name the client's own is meant.
    this.#offered = this.#session.servers.offered(tools).filter(({ tool }) => !ownNames.has(tool.name))
    const offered = [
      ...own.map(({ name, parameters }) => ({ kind: 'function' as const, name: textOf(name), parameters })),
      ...this.#offered.map(({ tool }) => ({
        kind: 'function' as const,
        name: tool.name,
        parameters: tool.arguments ? { type: 'object', const: tool.arguments } : (tool.inputSchema ?? emptySchema),
      })),
    ]
    const max = this.#maxTokens
    const wanted = choice ?? settings.toolChoice
    const named = isObject(wanted) ? chosenNames(wanted, this.#offered) : undefined
    const mode = named
      ? named.length > 1
        ? 'required'
        : 'named'
      : wanted === 'none' || wanted === 'required'
        ? wanted
        : 'auto'
    return {
      model: settings.model,
      messages: [{ role: 'system', content: textOf(instructions ?? settings.instructions) }, ...latestMessages(items)],
      tools: offered,
      calling: { mode, ...(named && { names: named }), mayBeParallel: true },
      maxTokens: typeof max === 'number' ? max : undefined,
      isSpoken: this.#isSpoken,
      heardTokens: this.#heard,
      ...(this.#offered.length > 0 && { own: this.#offered.map(({ tool }) => tool.name) }),
    }
  }

  stop(): void {
    this.#isOver = true
    this.#stop()
  }

  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    if (this.#isOver) return
    this.stop()
    this.#items.close('incomplete')
    this.#finish('cancelled', { type: 'cancelled', reason })
  }

  #hearText(json: string): void {
    if (this.#isOver) return
    let said: ResponseStep | { readonly type?: undefined; readonly error?: unknown }
    try {
      said = JSON.parse(json) as ResponseStep | { readonly type?: undefined }
    } catch {
      // A rule has broken the event.
      this.#session.tellText(json)
      return
    }
    if (said.type !== undefined) this.#hearEvent(said)
    else if (isObject(said.error)) this.#failed(said.error)
  }

  /** An error in the middle of the answer. */
  #failed(error: JsonObject): void {
    this.stop()
    this.#session.failed(error)
    this.#items.close('incomplete')
    const { type = 'server_error', code = null } = error
    this.#finish('failed', { type: 'failed', error: { type, code } })
  }

  #hearEvent(said: ResponseStep): void {
    switch (said.type) {
      case 'text.delta':
        this.#items.text(said.delta)
        return
      case 'sound':
        this.#playback.came(said.toMs - said.fromMs, this.#call.resource.clock.now())
        this.#items.sound(spoken(this.#voice, this.#format, said.fromMs, said.toMs), said.toMs)
        return
      case 'call': {
        const offered = this.#offered.find(({ tool }) => tool.name === said.name)
        if (offered) this.#items.callServer(offered, said)
        else this.#items.call(said)
        return
      }
      case 'arguments.delta':
        this.#items.argument(said.delta)
        return
      case 'called':
        this.#items.close(said.isCut ? 'incomplete' : 'completed')
        return
      case 'end':
        this.#end = said
    }
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
    this.#items.close(reason ? 'incomplete' : 'completed')
    this.#finish(reason ? 'incomplete' : 'completed', reason ? { type: 'incomplete', reason } : null)
  }

  #finish(status: string, details: JsonObject | null): void {
    const session = this.#session
    session.answered(this)
    if (this.soundMs > 0)
      session.spoke({ soundMs: this.soundMs, gaps: this.#playback.gaps, gapMs: this.#playback.gapMs })
    session.tell({ type: 'response.done', response: this.#told(status, details) })
    if (this.#limits.length > 0) session.tell({ type: 'rate_limits.updated', rate_limits: this.#limitsNow() })
    // It may be over before its calls are.
    for (const call of this.#items.written) session.servers.run(call)
  }

  #limitsNow(): readonly RateLimit[] {
    if (!this.#end) return this.#limits
    const { textTokens, soundTokens } = this.#end
    return limitsAfter(this.#limits, typeof this.#maxTokens === 'number' ? 0 : textTokens + soundTokens)
  }

  #told(status: string, details: JsonObject | null = null): JsonObject {
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: this.#items.output,
      conversation_id: this.isApart ? null : this.#session.conversationId,
      output_modalities: this.#isSpoken ? ['audio'] : ['text'],
      max_output_tokens: this.#maxTokens,
      audio: { output: { format: fullFormat(this.#format), voice: this.#voiceName } },
      usage: status === 'in_progress' || !this.#end ? null : spokenUsage(this.#end, this.#heard),
      metadata: this.#asked['metadata'] ?? null,
    }
  }
}
