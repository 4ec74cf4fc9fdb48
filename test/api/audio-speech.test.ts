import { parseBuffer } from 'music-metadata'
import type { SpeechCreateParams } from 'openai/resources/audio/speech'
import { afterAll, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const deployments = {
  speaker: { model: 'gpt-4o-mini-tts' },
  tts: { model: 'tts' },
  hd: { model: 'tts-hd' },
}
const simulator = testSimulator({ deployments })
const azure = simulator.azure()
const openai = simulator.v1()

/** 150 characters, which take ten seconds to say. */
const input = 'The quick brown fox jumps over the lazy dog, twice. '.repeat(3).slice(0, 150)

const speak = (asked: Partial<SpeechCreateParams> & { model?: string } = {}, client: typeof openai = openai) =>
  client.audio.speech.create({ model: 'speaker', voice: 'alloy', input, ...asked })
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer())
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

/** Looks into a sound with a reader that is not ours. */
async function heard(bytes: Uint8Array, mimeType: string) {
  const { format } = await parseBuffer(bytes, { mimeType }, { duration: true })
  const { container, codec, duration, sampleRate, numberOfChannels } = format
  return { container, codec, duration, sampleRate, numberOfChannels }
}

/** Samples of 16 bits. */
function samplesOf(bytes: Uint8Array): { loudest: number; crossings: number; count: number } {
  const buffer = Buffer.from(bytes)
  let loudest = 0
  let crossings = 0
  for (let at = 0; at < buffer.length; at += 2) {
    const sample = buffer.readInt16LE(at)
    loudest = Math.max(loudest, Math.abs(sample))
    if (at > 0 && sample < 0 !== buffer.readInt16LE(at - 2) < 0) crossings++
  }
  return { loudest, crossings, count: buffer.length / 2 }
}

describe('speech', () => {
  // Recorded April 2024 and July 2025.
  it.each([
    ['tts', 'CognitiveServices.OpenAI.TextToSpeech=13'],
    ['tts-hd', 'CognitiveServices.OpenAI.HDTextToSpeech=13'],
    ['gpt-4o-mini-tts', null],
  ])('of %s tells the characters that are billed, where they are', async (model, billed) => {
    const body = { model, input: 'hello, world!', voice: 'alloy' }
    const answer = await testSimulator().post(
      `/openai/deployments/${model}/audio/speech?api-version=2025-04-01-preview`,
      body,
    )
    expect(answer.status).toBe(200)
    expect(answer.headers.get('csp-billing-usage')).toBe(billed)
    expect(answer.headers.has('x-request-id')).toBe(billed === null)
  })

  it.each([
    ['mp3', 'audio/mpeg', { container: 'MPEG', codec: 'MPEG 2 Layer 3' }],
    ['opus', 'audio/opus', { container: 'Ogg', codec: 'Opus' }],
    ['aac', 'audio/aac', { container: 'ADTS/MPEG-4', codec: 'AAC' }],
    ['flac', 'audio/flac', { container: 'FLAC', codec: 'FLAC' }],
    ['wav', 'audio/wav', { container: 'WAVE', codec: 'PCM' }],
  ] as const)('as %s is a sound that lasts as long as its text takes to say', async (response_format, type, what) => {
    const answer = await speak({ response_format })
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-length')).toBeNull()
    const sound = await heard(await bytesOf(answer), type)
    expect(sound).toMatchObject({ ...what, numberOfChannels: 1 })
    expect(sound.duration).toBeGreaterThan(9.9)
    expect(sound.duration).toBeLessThan(10.2)
    if (response_format !== 'opus') expect(sound.sampleRate).toBe(24_000)
  })

  it('as pcm is the samples alone, of a tone that is to be heard', async () => {
    const answer = await speak({ response_format: 'pcm' })
    expect(answer.headers.get('content-type')).toBe('audio/pcm')
    const { loudest, crossings, count } = samplesOf(await bytesOf(answer))
    expect(count).toBe(240_000)
    expect(loudest).toBeGreaterThan(2_000)
    expect(loudest).toBeLessThan(8_000)
    // Two for each period.
    expect(crossings / 2 / 10).toBeCloseTo(190, 0)
  })

  it('as wav holds the same samples behind its head', async () => {
    const wav = await bytesOf(await speak({ response_format: 'wav' }))
    const pcm = await bytesOf(await speak({ response_format: 'pcm' }))
    expect(Buffer.from(wav.subarray(44)).equals(Buffer.from(pcm))).toBe(true)
    expect(Buffer.from(wav).readUInt32LE(4)).toBe(wav.length - 8)
  })

  it('is mp3 where no format is asked for, on both surfaces', async () => {
    for (const client of [azure, openai]) {
      const answer = await speak({}, client)
      expect(answer.headers.get('content-type')).toBe('audio/mpeg')
      expect((await bytesOf(answer)).length).toBe(200_160)
    }
  })

  it.each([0.25, 0.5, 2, 4])('is said %d times as fast where that is asked for', async (speed) => {
    const { duration = 0 } = await heard(await bytesOf(await speak({ response_format: 'wav', speed })), 'audio/wav')
    expect(duration).toBeCloseTo(10 / speed, 1)
  })

  it('is as high as its voice', async () => {
    const height = async (voice: string) =>
      samplesOf(await bytesOf(await speak({ voice, response_format: 'pcm', input: 'Hello' }))).crossings
    expect(await height('onyx')).toBeLessThan(await height('shimmer'))
  })

  it('takes longer where each character is a syllable', async () => {
    const seconds = async (text: string) =>
      (await bytesOf(await speak({ input: text, response_format: 'pcm' }))).length / 48_000
    expect(await seconds('今日は良い天気です')).toBeCloseTo(2, 1)
    expect(await seconds('a nice day')).toBeCloseTo(0.667, 1)
  })

  it('comes as it is made: a second of it after another, each at its time', async () => {
    const clock = manualClock()
    const slow = testSimulator({ deployments, latency: { speech: '100ms' } }, { clock })
    const pending = speak({ response_format: 'pcm', model: 'tts' }, slow.v1())
    await clock.advanceAsync(99)
    await clock.advanceAsync(1)
    const answer = await pending
    const reader = answer.body!.getReader()
    const first = (await reader.read()) as { value?: Uint8Array }
    expect(first.value?.length).toBe(48_000)
    let arrived = 0
    const reading = (async () => {
      while (!(await reader.read()).done) arrived++
    })()
    await clock.advanceAsync(899)
    expect(arrived).toBe(8)
    await clock.advanceAsync(1)
    await reading
    expect(arrived).toBe(9)
  })

  it('comes as events where asked for, with its tokens at the end', async () => {
    const answer = await speak({ stream_format: 'sse', response_format: 'wav', instructions: 'Speak calmly.' })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const events = (await answer.text())
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => JSON.parse(event.replace(/^data: /, '')) as { type: string; audio?: string; usage?: unknown })
    const deltas = events.slice(0, -1)
    expect(deltas.length).toBe(10)
    for (const { type } of deltas) expect(type).toBe('speech.audio.delta')
    const whole = Buffer.concat(deltas.map(({ audio = '' }) => Buffer.from(audio, 'base64')))
    expect(whole.equals(Buffer.from(await bytesOf(await speak({ response_format: 'wav' }))))).toBe(true)
    // 34 tokens of text and 4 of instructions; 20 for each second of sound.
    const usage = { input_tokens: 38, output_tokens: 200, total_tokens: 238 }
    expect(events.at(-1)).toEqual({ type: 'speech.audio.done', usage })
  })

  it('is about as long as promised for the longest text at the lowest speed', async () => {
    const answer = await speak({ model: 'hd', input: 'a'.repeat(4096), speed: 0.25, response_format: 'flac' })
    const { duration } = await heard(await bytesOf(answer), 'audio/flac')
    expect(duration).toBeCloseTo((4096 / 15) * 4, 0)
  })
})

describe('speech is refused', () => {
  it.each<[string, object, object]>([
    ['without a text', { input: undefined }, { code: 'missing_required_parameter', param: 'input' }],
    ['of an empty text', { input: '' }, { code: 'empty_string', param: 'input' }],
    ['of more than 4096 characters', { input: 'a'.repeat(4097) }, { code: 'string_above_max_length', param: 'input' }],
    ['of more tokens than the model takes', { input: '字漢'.repeat(2000) }, { param: 'input' }],
    ['without a voice', { voice: undefined }, { code: 'missing_required_parameter', param: 'voice' }],
    ['in a voice that nobody has', { voice: 'robot' }, { code: 'invalid_value', param: 'voice' }],
    ['in a voice that older models have not', { model: 'tts', voice: 'verse' }, { param: 'voice' }],
    ['in an unknown format', { response_format: 'ogg' }, { code: 'invalid_value', param: 'response_format' }],
    ['too fast', { speed: 4.1 }, { code: 'decimal_above_max_value', param: 'speed' }],
    ['too slow', { speed: 0.2 }, { code: 'decimal_below_min_value', param: 'speed' }],
    ['as events of an older model', { model: 'tts', stream_format: 'sse' }, { code: 'unsupported_value' }],
    ['with a parameter that nobody knows', { pitch: 2 }, { code: 'unknown_parameter', param: 'pitch' }],
    ['by a model that does not speak', { model: 'whisper' }, { code: 'OperationNotSupported' }],
  ])('%s', async (_, asked, error) => {
    expect(await rejection(speak(asked))).toMatchObject({ status: 400, ...error })
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
