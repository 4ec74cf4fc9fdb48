import { toFile } from 'openai'
import type { TranscriptionCreateParamsNonStreaming, TranscriptionStreamEvent } from 'openai/resources/audio'
import { afterAll, describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'
import { wav } from '../support/sound.ts'

const deployments = {
  whisper: { model: 'whisper' },
  scribe: { model: 'gpt-4o-transcribe' },
  mini: { model: 'gpt-4o-mini-transcribe' },
  diarize: { model: 'gpt-4o-transcribe-diarize' },
}
const simulator = testSimulator({ deployments })
const azure = simulator.azure()
const openai = simulator.v1()

const recording = (seconds: number) => toFile(wav(seconds), 'speech.wav')

type Asked = Partial<TranscriptionCreateParamsNonStreaming> & { seconds?: number }
const transcribe = async ({ seconds = 10, ...asked }: Asked = {}, client: typeof openai = openai): Promise<unknown> =>
  client.audio.transcriptions.create({ model: 'scribe', file: await recording(seconds), ...asked })
const stream = async ({ seconds = 10, ...asked }: Asked = {}): Promise<TranscriptionStreamEvent[]> => {
  const file = await recording(seconds)
  const events: TranscriptionStreamEvent[] = []
  const { response_format, ...rest } = asked
  const format = response_format && { response_format }
  const answer = await openai.audio.transcriptions.create({ model: 'scribe', file, ...rest, ...format, stream: true })
  for await (const event of answer) events.push(event)
  return events
}
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

type Verbose = {
  segments?: { start: number; end: number; text: string }[]
  words?: { word: string; start: number; end: number }[]
  text: string
  [key: string]: unknown
}

describe('a transcription by Whisper', () => {
  it('is a text, on both surfaces', async () => {
    for (const client of [azure, openai])
      expect(await transcribe({ model: 'whisper' }, client)).toEqual({
        text: expect.stringMatching(/^[A-Z][a-z]* .+[a-z.]$/) as string,
      })
  })

  it('is plain text or subtitles where asked for', async () => {
    const as = (response_format: 'text' | 'srt' | 'vtt') => transcribe({ model: 'whisper', response_format })
    expect(await as('text')).toMatch(/^[A-Z].+[a-z.]\n$/)
    expect(await as('srt')).toMatch(/^1\n00:00:00,000 --> 00:00:\d\d,\d{3}\n.+\n\n2\n[^]+ --> 00:00:10,000\n.+\n\n\n$/)
    expect(await as('vtt')).toMatch(/^WEBVTT\n\n00:00:00\.000 --> [^]+ --> 00:00:10\.000\n.+\n\n$/)
  })

  it('tells the language, the length and its segments where it is to be verbose', async () => {
    const answer = (await transcribe({
      model: 'whisper',
      response_format: 'verbose_json',
      language: 'de',
      seconds: 40,
    })) as Verbose
    expect(answer).toMatchObject({ task: 'transcribe', language: 'german', duration: 40 })
    expect(Object.keys(answer)).toEqual(['task', 'language', 'duration', 'text', 'segments'])
    expect(answer.segments?.map(({ text }) => text).join('')).toBe(` ${answer.text}`)
    expect(answer.segments?.at(-1)?.end).toBe(40)
  })

  // Recorded September 2023 to August 2025: floats of 32 bits in full, whole ones with their decimal.
  it('is pretty-printed without a newline, with times as Whisper writes them, and tells what is billed', async () => {
    const post = async (fields: Record<string, string>) => {
      const form = new FormData()
      form.set('file', new File([new Uint8Array(wav(3.07))], 'a.wav'))
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      const path = '/openai/deployments/whisper/audio/transcriptions?api-version=2024-10-21'
      return simulator.request(path, { method: 'POST', body: form })
    }
    const answer = await post({ response_format: 'verbose_json', temperature: '0' })
    const text = await answer.text()
    expect(answer.headers.get('csp-billing-usage')).toBe('CognitiveServices.OpenAI.Whisper=4')
    expect(text).toMatch(
      /^\{\n {2}"task": "transcribe",\n {2}"language": "english",\n {2}"duration": 3\.069999933242798,/,
    )
    expect(text).toMatch(/\n {6}"id": 0,\n {6}"seek": 0,\n {6}"start": 0\.0,\n {6}"end": 3\.069999933242798,\n/)
    expect(text).toContain('"temperature": 0.0,')
    expect(text).toMatch(/\}\n {2}\]\n\}$/)
    expect(await (await post({})).text()).toMatch(/^\{\n {2}"text": ".+"\n\}$/)
    const both = await post({ response_format: 'verbose_json', 'timestamp_granularities[]': 'word' })
    expect(both.headers.get('azureml-model-session')).not.toBeNull()
  })

  it('gives segments the times of their words, and those of one window the same likelihoods', async () => {
    const answer = (await transcribe({
      model: 'whisper',
      response_format: 'verbose_json',
      seconds: 70,
      timestamp_granularities: ['word', 'segment'],
    })) as {
      segments: { start: number; end: number; seek: number; avg_logprob: number }[]
      words: { start: number; end: number }[]
    }
    const { segments, words } = answer
    expect(words.map(({ start }) => start)).toEqual(expect.arrayContaining(segments.map(({ start }) => start)))
    expect(words.map(({ end }) => end)).toEqual(expect.arrayContaining(segments.map(({ end }) => end)))
    const windows = new Map(segments.map(({ seek, avg_logprob: likelihood }) => [seek, likelihood]))
    expect(windows.size).toBeGreaterThan(1)
    for (const { seek, avg_logprob: likelihood } of segments) expect(windows.get(seek)).toBe(likelihood)
  })

  it('times each word where asked for, in order and within the recording', async () => {
    const granular = (timestamp_granularities: ('word' | 'segment')[]) =>
      transcribe({ model: 'whisper', response_format: 'verbose_json', timestamp_granularities }) as Promise<Verbose>
    const { words = [], segments, text } = await granular(['word'])
    expect(segments).toBeUndefined()
    expect(words.map(({ word }) => word)).toEqual(text.replace(/[.,]/g, '').split(' '))
    for (const [index, { start, end }] of words.entries()) {
      expect(end).toBeGreaterThan(start)
      expect(start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? 0)
    }
    expect(words.at(-1)?.end).toBeLessThanOrEqual(10)
    const both = await granular(['word', 'segment'])
    expect(Object.keys(both)).toEqual(['task', 'language', 'duration', 'text', 'segments', 'words'])
  })

  it('is no stream, whatever is asked for', async () => {
    const form = new FormData()
    form.set('file', new File([new Uint8Array(wav(2))], 'a.wav'))
    form.set('stream', 'true')
    const path = '/openai/deployments/whisper/audio/transcriptions?api-version=2024-10-21'
    const answer = await simulator.request(path, { method: 'POST', body: form })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(Object.keys((await answer.json()) as object)).toEqual(['text'])
  })
})

describe('a transcription by a model that is paid by tokens', () => {
  it('tells its tokens: ten for each second of sound, those of the prompt, those of the text', async () => {
    const answer = (await transcribe({ seconds: 12.34, prompt: 'A talk' })) as { text: string; usage: object }
    expect(Object.keys(answer)).toEqual(['text', 'usage'])
    const output = countTokens(answer.text, 'o200k_base')
    expect(answer.usage).toEqual({
      type: 'tokens',
      input_tokens: 124 + 2,
      input_token_details: { text_tokens: 2, audio_tokens: 124 },
      output_tokens: output,
      total_tokens: 126 + output,
    })
  })

  it('is plain text where asked for', async () => {
    expect(await transcribe({ model: 'mini', response_format: 'text' })).toMatch(/^[A-Z].+[a-z.]\n$/)
  })

  it('tells how likely each token was where asked for', async () => {
    const answer = (await transcribe({ include: ['logprobs'] })) as {
      text: string
      logprobs: { token: string; logprob: number; bytes: number[] }[]
    }
    expect(answer.logprobs.map(({ token }) => token).join('')).toBe(answer.text)
    for (const { token, logprob, bytes } of answer.logprobs) {
      expect(logprob).toBeLessThanOrEqual(0)
      expect(Buffer.from(bytes).toString()).toBe(token)
    }
  })

  it('streams token by token, and ends with the whole', async () => {
    const events = await stream({ include: ['logprobs'] })
    const done = events.at(-1)
    if (done?.type !== 'transcript.text.done') throw new Error('no end')
    const deltas = events.slice(0, -1).map((event) => {
      if (event.type !== 'transcript.text.delta') throw new Error(event.type)
      expect(event.logprobs?.map(({ token }) => token)).toEqual([event.delta])
      return event
    })
    expect(deltas.map(({ delta }) => delta).join('')).toBe(done.text)
    expect(done.logprobs).toEqual(deltas.flatMap(({ logprobs }) => logprobs))
    expect(done.usage).toMatchObject({ type: 'tokens', input_tokens: 100, output_tokens: deltas.length })
  })

  it('streams at even times, as long as its megabytes take', async () => {
    const clock = manualClock()
    const slow = testSimulator({ deployments, latency: { transcriptions: '16s' } }, { clock })
    // Half a megabyte, but for the head of the file.
    const file = await toFile(wav((524_288 - 44) / 32_000), 'a.wav')
    const pending = slow.v1().audio.transcriptions.create({ model: 'scribe', file, stream: true })
    const times: number[] = []
    const reading = (async () => {
      const stream = await pending
      for (const events = stream[Symbol.asyncIterator](); !(await events.next()).done;) times.push(clock.now())
    })()
    for (let at = 0; at < 8_000; at += 10) await clock.advanceAsync(10)
    await reading
    expect(times.at(-1)).toBe(8_000)
    const deltas = times.slice(0, -1)
    expect(deltas[0]).toBeCloseTo(8_000 / deltas.length, -2)
    expect(deltas[Math.floor(deltas.length / 2)]).toBeGreaterThan(3_800)
    expect(deltas[Math.floor(deltas.length / 2)]).toBeLessThan(4_400)
  })

  it('has no more tokens than the model can put out', async () => {
    const answer = (await transcribe({ seconds: 1_400, file: await toFile(longFlac(1_400), 'long.flac') })) as {
      usage: { output_tokens: number }
    }
    expect(answer.usage.output_tokens).toBe(2_000)
  })
})

/** A head that says so many seconds, and as many bytes as make it likely. */
function longFlac(seconds: number): Buffer {
  const file = Buffer.alloc(seconds * 600)
  file.write('fLaC\x80\0\0\x22', 'latin1')
  file.writeUIntBE(16_000 << 4, 18, 3)
  file.writeUInt32BE(seconds * 16_000, 22)
  return file
}

describe('a transcription that tells who speaks', () => {
  type Diarized = {
    segments: { speaker: string; start: number; end: number; text: string; id: string }[]
    text: string
  }
  const diarize = (asked: Asked = {}) =>
    transcribe({
      model: 'diarize',
      response_format: 'diarized_json',
      chunking_strategy: 'auto',
      seconds: 60,
      ...asked,
    }) as Promise<Diarized>

  it('has segments of two speakers who take turns', async () => {
    const answer = await diarize()
    expect(answer).toMatchObject({ task: 'transcribe', duration: 60, usage: { type: 'duration', seconds: 60 } })
    expect(new Set(answer.segments.map(({ speaker }) => speaker))).toEqual(new Set(['A', 'B']))
    expect(answer.segments[0]).toMatchObject({ type: 'transcript.text.segment', id: 'seg_001', start: 0 })
    expect(answer.segments.map(({ text }) => text).join(' ')).toBe(answer.text)
    expect(answer.segments.at(-1)?.end).toBe(60)
  })

  it('calls speakers by the names that it is told', async () => {
    const known_speaker_references = Array<string>(2).fill(`data:audio/wav;base64,${wav(2).toString('base64')}`)
    const answer = await diarize({ known_speaker_names: ['agent', 'customer'], known_speaker_references })
    expect(new Set(answer.segments.map(({ speaker }) => speaker))).toEqual(new Set(['agent', 'customer']))
  })

  it('streams its text, and each segment behind its words', async () => {
    const asked = { model: 'diarize', response_format: 'diarized_json', seconds: 20 } as const
    const events = await stream(asked)
    const segments = events.filter((event) => event.type === 'transcript.text.segment')
    expect(segments.length).toBeGreaterThan(2)
    for (const { id, text } of segments) {
      const deltas = events.filter((event) => event.type === 'transcript.text.delta' && event.segment_id === id)
      expect(
        deltas
          .map((event) => (event.type === 'transcript.text.delta' ? event.delta : ''))
          .join('')
          .trim(),
      ).toBe(text)
      const place = events.findIndex((event) => event.type === 'transcript.text.segment' && event.id === id)
      expect(events[place - 1]).toBe(deltas.at(-1))
    }
    expect(events.at(-1)?.type).toBe('transcript.text.done')
    const plain = await stream({ ...asked, response_format: 'json' })
    expect(plain.some(({ type }) => type === 'transcript.text.segment')).toBe(false)
  })
})

describe('a transcription is refused', () => {
  it.each<[string, Asked, object]>([
    [
      'as subtitles of a model that makes none',
      { response_format: 'srt' },
      {
        code: 'unsupported_value',
        message:
          "400 response_format 'srt' is not compatible with model 'gpt-4o-transcribe'. Use 'json' or 'text' instead.",
      },
    ],
    ['as a dialogue by a model that tells none', { response_format: 'diarized_json' }, { param: 'response_format' }],
    [
      'as a dialogue by Whisper',
      { model: 'whisper', response_format: 'diarized_json' },
      { code: 'unsupported_value', message: expect.stringContaining("'srt', 'verbose_json', or 'vtt'") as string },
    ],
    ['with likelihoods by Whisper', { model: 'whisper', include: ['logprobs'] }, { code: 'unsupported_parameter' }],
    ['with likelihoods of plain text', { include: ['logprobs'], response_format: 'text' }, { param: 'include' }],
    ['with likelihoods of a dialogue', { model: 'diarize', include: ['logprobs'] }, { code: 'unsupported_parameter' }],
    ['with a prompt for a dialogue', { model: 'diarize', prompt: 'A talk' }, { param: 'prompt' }],
    ['of a long dialogue that is not cut', { model: 'diarize', seconds: 31 }, { param: 'chunking_strategy' }],
    [
      'with times of words where there are none',
      { model: 'whisper', timestamp_granularities: ['word'] },
      { status: 400 },
    ],
    ['with names of speakers but not their voices', { model: 'diarize', known_speaker_names: ['a'] }, { status: 400 }],
    ['with speakers for a model that tells none', { known_speaker_names: ['a'] }, { code: 'unsupported_parameter' }],
    ['in a language that there is not', { language: 'english' }, { code: 'invalid_language_format' }],
    ['in a language that nobody knows', { language: 'xx' }, { param: 'language' }],
    ['of nearly nothing', { seconds: 0.05 }, { code: 'audio_too_short' }],
    ['by a model that hears nothing', { model: 'gpt-4o' }, { code: 'OperationNotSupported' }],
  ])('%s', async (_, asked, error) => {
    expect(await rejection(transcribe(asked))).toMatchObject({ status: 400, ...error })
  })

  it('of more than 25 minutes, by the models that are paid by tokens', async () => {
    const refused = transcribe({ file: await toFile(longFlac(1_501), 'long.flac') })
    await expect(refused).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('longer than 1500 seconds') as string,
    })
    expect(await transcribe({ model: 'whisper', file: await toFile(longFlac(1_501), 'long.flac') })).toBeTruthy()
  })
})

describe('what was spoken', () => {
  it.each(['mp3', 'opus', 'flac', 'wav'] as const)('as %s is heard to be as long as it is', async (format) => {
    const input = 'a'.repeat(15 * 20)
    const speech = { model: 'gpt-4o-mini-tts', voice: 'alloy', input, response_format: format } as const
    const sound = Buffer.from(await (await openai.audio.speech.create(speech)).arrayBuffer())
    const file = await toFile(sound, `a.${format === 'opus' ? 'ogg' : format}`)
    const heard = (await transcribe({ model: 'whisper', file, response_format: 'verbose_json' })) as Verbose
    expect(heard['duration']).toBeGreaterThanOrEqual(20)
    expect(heard['duration']).toBeLessThan(20.2)
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
