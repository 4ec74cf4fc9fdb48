/** The events of a transcript: deltas, then the whole text with its usage. */
import type { JsonObject } from '../../base/object.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Random } from '../../random.ts'

type Asked = {
  readonly text: string
  readonly soundMs: number
  readonly model: string
  readonly prompt: string
  readonly hasLogprobs: boolean
  readonly random: Random
}

const prefix = 'conversation.item.input_audio_transcription'

export function* transcriptEvents({ text, soundMs, model, prompt, hasLogprobs, random }: Asked) {
  // Whisper sends the whole text at once, and is billed by the second.
  const isWhisper = /whisper/i.test(model)
  const pieces = isWhisper ? [text] : (text.match(/\s*\S+/g) ?? [text])
  const all: JsonObject[] = []
  for (const piece of pieces) {
    const logprobs = hasLogprobs ? [logprobOf(piece, random)] : undefined
    all.push(...(logprobs ?? []))
    yield { type: `${prefix}.delta`, rest: { delta: piece, ...(logprobs && { logprobs }) } }
  }
  const usage = isWhisper ? { type: 'duration', seconds: Math.ceil(soundMs / 1000) } : tokensOf(text, soundMs, prompt)
  yield { type: `${prefix}.completed`, rest: { transcript: text, usage, ...(hasLogprobs && { logprobs: all }) } }
}

const logprobOf = (token: string, random: Random): JsonObject => ({
  token,
  logprob: -random.fraction() / 4,
  bytes: [...Buffer.from(token)],
})

function tokensOf(text: string, soundMs: number, prompt: string): JsonObject {
  const audio = Math.ceil(soundMs / 100)
  const asked = countTokens(prompt, 'o200k_base')
  const output = countTokens(text, 'o200k_base')
  return {
    type: 'tokens',
    total_tokens: audio + asked + output,
    input_tokens: audio + asked,
    input_token_details: { text_tokens: asked, audio_tokens: audio },
    output_tokens: output,
  }
}
