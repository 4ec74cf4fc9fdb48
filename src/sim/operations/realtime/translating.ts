/** Live translation: the model repeats what it hears in another language (recorded from the upstream API, 2026). */
import * as z from 'zod'
import { isObject, type JsonObject } from '../../base/object.ts'
import type { Slices } from '../../base/slices.ts'
import { textOf } from '../../base/text-of.ts'
import { ApiError, invalidRequest, missingParameter, unknownParameterNamed } from '../../errors.ts'
import { integer, later, parseBody } from '../../http/validate.ts'
import { opensBySecret, secretIn, secretShelf } from '../../live/client-secrets.ts'
import { type LiveClient, type LiveHandlers, openLive, sessionPlan } from '../../live/session.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { base62Text } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyJson } from '../parts/json-body.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { keepOpening, realtimeDeployment } from './client-secrets.ts'
import { noSuchEvent } from './refusals.ts'
import { speak } from './speaking.ts'
import { type HeardTurn, Turns } from './turns.ts'

const audio = () =>
  optional(
    z.strictObject({
      input: optional(
        z.strictObject({
          noise_reduction: optional(
            z.strictObject({ type: z.enum(['near_field', 'far_field']), strength: optional(z.number()) }),
          ),
          transcription: optional(z.strictObject({ model: z.string() })),
        }),
      ),
      output: optional(z.strictObject({ language: optional(z.string()) })),
    }),
  )

type Audio = z.output<ReturnType<typeof audio>>

const event = (type: string, shape: z.core.$ZodShape = {}) =>
  z.strictObject({ type: z.literal(type), event_id: optional(z.string()), ...shape })

const events = later(() => ({
  'session.update': event('session.update', { session: z.strictObject({ audio: audio() }) }),
  'session.input_audio_buffer.append': event('session.input_audio_buffer.append', { audio: z.string() }),
  'session.close': event('session.close'),
}))

const creating = later(() =>
  z.strictObject({
    session: z.strictObject({ model: z.string().min(1), audio: audio() }),
    expires_after: optional(
      z.strictObject({ anchor: optional(z.literal('created_at')), seconds: optional(integer(10, 7_200)) }),
    ),
  }),
)

/** The start of a session that a secret opens. */
export type Translation = { readonly kind: 'translation'; readonly model: string; readonly audio: Audio }

const translationIn = (headers: AnyCall['wire']['headers'], resource: AnyCall['resource']): Translation | undefined => {
  const session = secretIn(headers, resource)?.session
  return isTranslation(session) ? session : undefined
}

const isTranslation = (session: unknown): session is Translation =>
  isObject(session) && session['kind'] === 'translation'

export const translationsConnect: ResourceOperation = {
  scope: 'resource',
  name: 'Realtime_Translations_Connect',
  method: 'GET',
  path: '/realtime/translations',
  routes: [{ surface: 'v1', template: '/openai/v1/realtime/translations' }],
  takesNoVersion: true,
  about: ({ wire, resource }) => translationIn(wire.headers, resource)?.model ?? wire.target.query.get('model'),
  admits: (headers, resource) => opensBySecret(headers, resource, isTranslation),
  answer: (call, config) => {
    const model = call.wire.target.query.get('model')
    const opening = translationIn(call.wire.headers, call.resource)
    if (!opening && model === null) throw missingParameter('model')
    if (!opening && model !== null) realtimeDeployment(call, model)
    const { maxTimeMs } = config.live
    const about = opening ?? { kind: 'translation', model: model ?? '', audio: undefined }
    return sessionPlan(
      call,
      openLive(call, maxTimeMs, (client) => new TranslationSession(call, client, about, maxTimeMs)),
    )
  },
}

export const translationSecrets: ResourceOperation = {
  scope: 'resource',
  name: 'Realtime_Translations_ClientSecrets_Create',
  method: 'POST',
  path: '/realtime/translations/client_secrets',
  routes: [{ surface: 'v1', template: '/openai/v1/realtime/translations/client_secrets' }],
  accepts: { json: creating },
  backEnd: 'realtimeSecrets',
  keeps: [secretShelf],
  answer: (call) => {
    const { session, expires_after: expires } = parseBody(creating(), bodyJson(call), unknownParameterNamed)
    realtimeDeployment(call, session.model)
    const about: Translation = { kind: 'translation', model: session.model, audio: session.audio }
    const secret = keepOpening(call, about, expires?.seconds ?? undefined)
    return jsonPlan({ ...secret, session: toldTranslation(idOf(call), 0, about) })
  },
}

const idOf = ({ resource }: AnyCall) => `sess_${base62Text(resource.random, 21)}`

function toldTranslation(id: string, expiresAt: number, { model, audio: given }: Translation): JsonObject {
  const { noise_reduction = null, transcription = null } = given?.input ?? {}
  return {
    id,
    type: 'translation',
    model,
    expires_at: expiresAt,
    audio: { input: { noise_reduction, transcription }, output: { language: given?.output?.language ?? 'en' } },
  }
}

class TranslationSession implements LiveHandlers {
  readonly #call: AnyCall
  readonly #client: LiveClient
  readonly #turns: Turns
  readonly #id: string
  readonly #expiresAt: number
  #about: Translation
  #isClosing = false
  #speaking = 0
  readonly #stops = new Set<() => void>()

  constructor(call: AnyCall, client: LiveClient, about: Translation, maxMs: number) {
    this.#call = call
    this.#client = client
    this.#about = about
    this.#id = idOf(call)
    this.#expiresAt = Math.floor((call.resource.clock.now() + maxMs) / 1000)
    this.#turns = new Turns('pcm', call.resource.random)
    this.#tell('session.created', { session: this.#told() })
  }

  #told = () => toldTranslation(this.#id, this.#expiresAt, this.#about)

  #tell(type: string, fields: JsonObject): void {
    this.#client.tell({ type, event_id: `event_${base62Text(this.#call.resource.random, 21)}`, ...fields })
  }

  heard(given: JsonObject, slices?: Slices): void | Promise<void> {
    try {
      const name = textOf(given['type'] ?? '')
      const schemas: Readonly<Record<string, z.ZodType>> = events()
      const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
      if (!schema) throw noSuchEvent(name, Object.keys(schemas))
      parseBody(schema, given, unknownParameterNamed)
      if (name === 'session.update') this.#update(given['session'] as Pick<Translation, 'audio'>)
      else if (name === 'session.close') this.#close()
      else if (slices) return this.#hearLong(given['audio'] as string, slices, given)
      else for (const heard of this.#turns.hear(given['audio'] as string, false)) this.#hear(heard.said)
    } catch (error) {
      this.#failed(error, given)
    }
  }

  async #hearLong(audio: string, slices: Slices, given: JsonObject): Promise<void> {
    try {
      await slices.turn()
      for (const { said } of this.#turns.hear(audio, false)) {
        this.#hear(said)
        if (slices.isOver()) await slices.turn()
      }
    } catch (error) {
      this.#failed(error, given)
    }
  }

  #failed(error: unknown, given: JsonObject): void {
    if (!(error instanceof ApiError)) throw error
    this.#refuse(error, given)
  }

  misheard(): void {
    this.#refuse(invalidRequest('The event is not a valid JSON object.', null, null))
  }

  expired(): void {
    this.#refuse(invalidRequest('Your session hit the maximum duration.', null, 'session_expired'))
    this.#client.close(1001, '')
  }

  closed(): void {
    for (const stop of this.#stops) stop()
    this.#stops.clear()
  }

  #refuse({ type, code, message, param }: ApiError, given: JsonObject = {}): void {
    const id = typeof given['event_id'] === 'string' ? given['event_id'] : null
    const error = { type: type ?? 'invalid_request_error', code, message, param: param ?? null, event_id: id }
    this.#tell('error', { error })
  }

  #update({ audio: given }: Pick<Translation, 'audio'>): void {
    const { audio: known } = this.#about
    const input = { ...known?.input, ...given?.input }
    this.#about = { ...this.#about, audio: { input, output: { ...known?.output, ...given?.output } } }
    this.#tell('session.updated', { session: this.#told() })
  }

  #hear(said: readonly HeardTurn[]): void {
    for (const { text, endMs } of said) {
      if (this.#about.audio?.input?.transcription)
        for (const delta of text.match(/\s*\S+/g) ?? [text])
          this.#tell('session.input_transcript.delta', { delta, elapsed_ms: endMs })
      this.#say(text, endMs)
    }
  }

  #say(text: string, elapsedMs: number): void {
    this.#speaking++
    const over = () => {
      this.#speaking--
      this.#stops.delete(stop)
      if (this.#isClosing) this.#close()
    }
    const language = this.#about.audio?.output?.language ?? 'en'
    const messages = [
      { role: 'system', content: `Translate what is said to ${language}.` },
      { role: 'user', content: text },
    ]
    const about = { model: this.#about.model, messages, heardTokens: 0, voice: 'alloy', format: 'pcm' } as const
    const stop = speak(this.#call, about, {
      room: this.#client,
      text: (delta) => this.#tell('session.output_transcript.delta', { delta, elapsed_ms: elapsedMs }),
      sound: (delta, fromMs) =>
        this.#tell('session.output_audio.delta', {
          delta,
          sample_rate: 24_000,
          channels: 1,
          format: 'pcm16',
          elapsed_ms: elapsedMs + fromMs,
        }),
      done: over,
      failed: (error) => {
        this.#tell('error', { error: { type: 'server_error', code: null, param: null, ...error, event_id: null } })
        over()
      },
      broken: (code) => (code === undefined ? this.#client.cut() : this.#client.close(code, '')),
    })
    this.#stops.add(stop)
  }

  /** Waits until everything that was said has been translated. */
  #close(): void {
    this.#isClosing = true
    if (this.#speaking > 0) return
    this.#tell('session.closed', {})
    this.#client.close(1000, '')
  }
}
