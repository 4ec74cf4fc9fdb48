/** A spoken answer in the words of chat completions, whole and in a stream (the upstream API's guide to audio). */
import { hexText } from '../../random.ts'
import type { Call } from '../../operation.ts'
import type { Delta } from './calls.ts'
import { createdSeconds } from '../parts/model-fields.ts'
import type { Choice, Speech } from '../../answers/choice.ts'
import { soundOf } from '../../answers/spoken-choice.ts'

/** How long a client may refer to it. */
const lifetimeSeconds = 3_600

/** The time in seconds is its beginning (recorded February and April 2025). */
const audioId = (call: Call): string =>
  `audio_${createdSeconds(call).toString(16).padStart(8, '0')}${hexText(call.timing, 24)}`
const expiresAtSeconds = (call: Call): number => createdSeconds(call) + lifetimeSeconds

/** The member of a message that holds it; the message's content is null. */
export function wholeSpeech(call: Call, { text }: Choice, data: string): string {
  return `${beforeSound}${data}","expires_at":${expiresAtSeconds(call)},"id":"${audioId(call)}","transcript":${text.json()}}`
}

const beforeSound = '"audio":{"data":"'

export const soundText = (speech: Speech): string => [...soundPieces(speech)].join('')

/** A choice that was written without what is heard, with it, in pieces: within a text, a quote has a backslash before it. */
export function* withSound(choice: string, speech: Speech): Generator<string, void> {
  const from = choice.indexOf(beforeSound)
  // What was blocked is not heard.
  if (from < 0) {
    yield choice
    return
  }
  const at = from + beforeSound.length
  yield choice.slice(0, at)
  yield* soundPieces(speech)
  yield choice.slice(at)
}

/** Texts of base64 that are one when they are put together: three bytes are four characters. */
function* soundPieces(speech: Speech): Generator<string> {
  let rest = Buffer.alloc(0)
  for (const { bytes } of soundOf(speech).pieces) {
    const all =
      rest.length > 0 ? Buffer.concat([rest, bytes]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const whole = all.length - (all.length % 3)
    yield all.toString('base64', 0, whole)
    rest = Buffer.from(all.subarray(whole))
  }
  yield rest.toString('base64')
}

/** What is heard comes a second at a time, behind its transcript. */
export function* speechDeltas(call: Call, { text }: Choice, speech: Speech): Generator<Delta> {
  const id = audioId(call)
  const delta = (member: string) => `{"audio":{${member}}}`
  yield { tokens: 0, json: `{"audio":{"id":"${id}","transcript":""},"content":null,"refusal":null,"role":"assistant"}` }
  const sound = soundOf(speech)
  let at = 0
  let doneTokens = 0
  for (const { bytes, endSeconds } of sound.pieces) {
    const share = endSeconds / sound.seconds
    for (; at < Math.ceil(text.count * share); at++)
      yield { tokens: 1, json: delta(`"transcript":${JSON.stringify(text.at(at))}`) }
    const tokens = Math.round(speech.soundTokens * share) - doneTokens
    doneTokens += tokens
    yield { tokens, json: delta(`"data":"${Buffer.from(bytes).toString('base64')}"`) }
  }
}

/** Until when it is kept: within the last choice of its stream. */
export const speechExpiry = (call: Call): string => `"delta":{"audio":{"expires_at":${expiresAtSeconds(call)}}}`
