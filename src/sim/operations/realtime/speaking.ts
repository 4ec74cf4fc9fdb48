/** Makes the model speak in sessions without responses: its text and its sound arrive as events. */
import type { Voice } from '../../answers/speech-sounds.ts'
import type { LiveRoom } from '../../base/live-socket.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import { ask, errorObjectIn } from '../../live/dispatch.ts'
import type { AnyCall } from '../../operation.ts'
import { type RespondBody, type ResponseStep, sessionWord, wordHeader } from './respond.ts'
import type { Format } from './settings.ts'
import { spoken } from './sound.ts'

export type SpeechAsk = {
  readonly model: string
  readonly messages: RespondBody['messages']
  readonly heardTokens: number
  readonly voice: Voice
  readonly format: Format
}

export type SpeechListener = {
  readonly room: LiveRoom
  readonly text: (delta: string) => void
  /** Base64, and the time of this piece since the beginning of the speech. */
  readonly sound: (base64: string, fromMs: number, toMs: number) => void
  readonly done: () => void
  readonly failed: (error: JsonObject) => void
  readonly broken: (code?: number) => void
}

/** Makes a request of its own, so that limits, rules and the journal apply. Returns a function that stops it. */
export function speak(
  call: AnyCall,
  { model, messages, heardTokens, voice, format }: SpeechAsk,
  listener: SpeechListener,
): () => void {
  const body: RespondBody & { readonly model: string } = {
    model,
    messages,
    heardTokens,
    tools: [],
    calling: { mode: 'none', mayBeParallel: false },
    maxTokens: undefined,
    isSpoken: true,
  }
  const own: Readonly<Record<string, string>> = {
    'content-type': 'application/json',
    [wordHeader]: call.resource.live.shelf(sessionWord),
  }
  const headers = { get: (name: string) => own[name] ?? null }
  return ask(
    call,
    { url: '/openai/v1/realtime/respond', body, headers },
    {
      room: listener.room,
      event: (json) => {
        const said = stepIn(json)
        if (said.type === 'text.delta') listener.text(said.delta)
        else if (said.type === 'sound')
          listener.sound(spoken(voice, format, said.fromMs, said.toMs), said.fromMs, said.toMs)
        else if (said.type === undefined && isObject(said.error)) listener.failed(said.error)
      },
      done: (status, text) => {
        if (status >= 400) listener.failed(errorObjectIn(text))
        else listener.done()
      },
      broken: listener.broken,
    },
  )
}

type Step = ResponseStep | { readonly type?: undefined; readonly error?: unknown }

function stepIn(json: string): Step {
  try {
    return JSON.parse(json) as Step
  } catch {
    // A rule has broken the event.
    return {}
  }
}
