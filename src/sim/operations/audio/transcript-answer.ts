/** A transcript in one piece and as a stream. */
import { wholeMs } from '../../timing/schedule.ts'
import type { Call, Paced } from '../../operation.ts'
import type { Frame, Latency, Usage } from '../../types.ts'
import { weighToken } from '../../answers/token-logprobs.ts'
import { type SpokenSegment, transcriptText, type Transcript } from './transcript.ts'
import type { TranscriptionBody } from './transcription-body.ts'
import { plainAnswer } from './whisper-answer.ts'

export function wholeTranscript(call: Call<TranscriptionBody>, transcript: Transcript) {
  const { response_format: format } = call.body
  const text = transcriptText(transcript)
  if (format === 'text') return plainAnswer(`${text}\n`)
  const data =
    format === 'diarized_json'
      ? {
          task: 'transcribe',
          duration: transcript.seconds,
          text,
          segments: transcript.said.map(segmentOf),
          usage: { type: 'duration', seconds: Math.ceil(transcript.seconds) },
        }
      : { text, ...logprobsOf(call, transcript), usage: usageOf(transcript) }
  return { contentType: 'application/json', data: JSON.stringify(data) }
}

/** Token by token at even times; behind each speaker's words all of them in one; at the end the whole. */
export function pacedTranscript(call: Call<TranscriptionBody>, transcript: Transcript, latency: Latency): Paced {
  const lastMs = wholeMs(latency, transcript.units, call.timing)
  return { contentType: 'text/event-stream; charset=utf-8', frames: transcriptFrames(call, transcript, lastMs) }
}

function* transcriptFrames(call: Call<TranscriptionBody>, transcript: Transcript, lastMs: number): Generator<Frame> {
  const { said, usage } = transcript
  const logprobAt = logprobs(call, transcript)
  let done = 0
  for (const [place, part] of said.entries()) {
    for (const delta of part.tokens) {
      const event = {
        type: 'transcript.text.delta',
        delta,
        ...(logprobAt && { logprobs: [logprobAt(delta, done)] }),
        ...(part.speaker !== undefined && { segment_id: segmentId(place) }),
      }
      done++
      yield frame((lastMs * done) / usage.completionTokens, event)
    }
    const isTold = call.body.response_format === 'diarized_json'
    if (isTold) yield frame((lastMs * done) / usage.completionTokens, segmentOf(part, place))
  }
  const text = transcriptText(transcript)
  const event = { type: 'transcript.text.done', text, ...logprobsOf(call, transcript), usage: usageOf(transcript) }
  yield frame(lastMs, event)
}

const frame = (atMs: number, event: object): Frame => ({ atMs, data: `data: ${JSON.stringify(event)}\n\n` })

const segmentOf = ({ startSeconds, endSeconds, text, speaker }: SpokenSegment, place: number) => ({
  type: 'transcript.text.segment',
  id: segmentId(place),
  start: startSeconds,
  end: endSeconds,
  text,
  speaker,
})
const segmentId = (place: number) => `seg_${String(place + 1).padStart(3, '0')}`

const usageOf = ({ usage: { promptTokens, completionTokens }, textTokens }: { usage: Usage; textTokens: number }) => ({
  type: 'tokens',
  input_tokens: promptTokens,
  input_token_details: { text_tokens: textTokens, audio_tokens: promptTokens - textTokens },
  output_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
})

/** How likely a token was, by its place; absent where nobody asked. */
function logprobs({ body }: Call<TranscriptionBody>, { seed }: Transcript) {
  if (!body.include?.includes('logprobs')) return undefined
  const likelihood = { seed, alternatives: 0 }
  return (token: string, place: number) => ({
    token,
    logprob: weighToken(likelihood, token, place).logprob,
    bytes: [...Buffer.from(token)],
  })
}

function logprobsOf(call: Call<TranscriptionBody>, transcript: Transcript) {
  const logprobAt = logprobs(call, transcript)
  return logprobAt && { logprobs: transcript.said.flatMap(({ tokens }) => tokens).map(logprobAt) }
}
