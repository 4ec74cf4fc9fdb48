import { toFile } from 'openai'
import { afterAll, describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'
import { wav } from '../support/sound.ts'

const simulator = testSimulator({ seed: 1, deployments: { speech: { model: 'whisper' } } })
const azure = simulator.azure()
const openai = simulator.v1()
const send = simulator.request
const speech = (seconds: number) => toFile(wav(seconds), 'speech.wav')
const translate = async (seconds: number, response_format: 'json' | 'verbose_json' = 'json'): Promise<unknown> =>
  azure.audio.translations.create({ model: 'speech', file: await speech(seconds), response_format })

const post = async (form: FormData) => {
  const answer = await send('/openai/deployments/speech/audio/translations?api-version=2024-10-21', {
    method: 'POST',
    body: form,
  })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}
const formOf = (fields: Readonly<Record<string, string | File>>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}
const file = (bytes: Buffer, name = 'speech.wav') => new File([new Uint8Array(bytes)], name)
const refusal = async (fields: Readonly<Record<string, string | File>>) => {
  const { status, text } = await post(formOf(fields))
  return { status, ...(JSON.parse(text) as { error: object }).error }
}

describe('a translation', () => {
  it('is a text, on both surfaces', async () => {
    expect(await translate(10)).toEqual({ text: expect.stringMatching(/^[A-Z][a-z]* .+[a-z.]$/) as string })
    const answer = await openai.audio.translations.create({ model: 'speech', file: await speech(10) })
    expect(answer.text).toMatch(/^[A-Z][a-z]* .+[a-z.]$/)
  })

  it('is the longer, the longer the recording is', async () => {
    const words = async (seconds: number) => ((await translate(seconds)) as { text: string }).text.split(' ').length
    expect(await words(10)).toBeLessThan(await words(30))
    // About 150 words a minute.
    const inTwoMinutes = await words(120)
    expect(inTwoMinutes).toBeGreaterThan(220)
    expect(inTwoMinutes).toBeLessThan(420)
  })

  it('is the same again where the simulator is seeded', async () => {
    const form = () => formOf({ file: file(wav(5)), response_format: 'text' })
    const bytes = new Uint8Array(await new Response(form()).arrayBuffer())
    const [boundary] = Buffer.from(bytes).toString('latin1').split('\r\n', 1)
    const again = async () => {
      const answer = await send('/openai/deployments/speech/audio/translations?api-version=2024-10-21', {
        method: 'POST',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary!.slice(2)}` },
        body: bytes,
      })
      return answer.text()
    }
    expect(await again()).toBe(await again())
  })

  it('is plain text, subtitles or JSON with segments, as asked for', async () => {
    const as = (response_format: string) => post(formOf({ file: file(wav(12)), response_format, temperature: '0.5' }))
    const plain = 'text/plain; charset=utf-8'
    expect(await as('text')).toMatchObject({
      status: 200,
      type: plain,
      text: expect.stringMatching(/^.+[a-z.]\n$/) as string,
    })
    const srt = await as('srt')
    expect(srt.type).toBe(plain)
    expect(srt.text).toMatch(/^1\n00:00:00,000 --> 00:00:\d\d,\d{3}\n.+\n\n2\n[^]+ --> 00:00:12,000\n.+\n\n\n$/)
    const vtt = await as('vtt')
    expect(vtt.type).toBe(plain)
    expect(vtt.text).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:\d\d\.\d{3}\n.+\n\n[^]+ --> 00:00:12\.000\n.+\n\n$/)
    expect((await as('json')).type).toBe('application/json')
    expect((await as('verbose_json')).type).toBe('application/json')
  })

  it('has segments of a few seconds that cover the recording without a gap', async () => {
    type Segment = { id: number; start: number; end: number; text: string; seek: number; tokens: number[] }
    type Verbose = { task: string; language: string; duration: number; text: string; segments: Segment[] }
    const answer = (await translate(95.5, 'verbose_json')) as Verbose
    const { segments } = answer
    expect(answer).toMatchObject({ task: 'translate', language: 'english', duration: 95.5 })
    expect(segments.map(({ text }) => text).join('')).toBe(` ${answer.text}`)
    expect(segments.map(({ id }) => id)).toEqual([...segments.keys()])
    expect(segments.map(({ start }) => start)).toEqual([0, ...segments.slice(0, -1).map(({ end }) => end)])
    expect(segments.at(-1)?.end).toBe(95.5)
    for (const { start, end, seek, tokens } of segments) {
      expect(end - start).toBeGreaterThan(1.9)
      expect(end - start).toBeLessThan(9.1)
      expect(start * 100 - seek).toBeGreaterThan(-0.01)
      expect(end * 100 - seek).toBeLessThan(3000.01)
      expect(Math.abs((tokens[0] ?? 0) - 50_364 - (start - seek / 100) * 50)).toBeLessThan(0.51)
      expect(tokens[0]).toBeGreaterThanOrEqual(50_364)
    }
  })

  it('takes other files by their size', async () => {
    const webm = Buffer.alloc(160_000)
    webm.writeUInt32BE(0x1a45dfa3)
    const { status, text } = await post(formOf({ file: file(webm, 'speech.WEBM'), response_format: 'srt' }))
    expect(status).toBe(200)
    expect(text).toContain(' --> 00:00:10,000\n')
  })
})

describe('a translation is refused', () => {
  const sound = file(wav(1))
  it.each([
    ['without a file', {}, { param: 'file', code: 'missing_required_parameter' }],
    ['with a text for a file', { file: 'sound' }, { param: 'file', code: 'invalid_type' }],
    ['with an empty file', { file: file(Buffer.alloc(0)) }, { code: 'audio_too_short' }],
    ['with less than a tenth of a second', { file: file(wav(0.05)) }, { code: 'audio_too_short' }],
    [
      'with another kind of file',
      { file: file(wav(1), 'speech.txt') },
      {
        message:
          "Unrecognized file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']",
        param: null,
      },
    ],
    [
      'with no sound in it',
      { file: file(Buffer.from('this is a text, and not a sound at all'.repeat(200))) },
      { message: 'The audio file could not be decoded or its format is not supported.' },
    ],
    ['in an unknown format', { file: sound, response_format: 'xml' }, { param: 'response_format' }],
    ['with a temperature that is no number', { file: sound, temperature: 'warm' }, { code: 'invalid_type' }],
    ['with a temperature above 1', { file: sound, temperature: '1.1' }, { param: 'temperature' }],
  ])('%s', async (_, fields, error) => {
    expect(await refusal(fields)).toMatchObject({ status: 400, ...error })
  })

  it('with 413 where its file has a byte more than 25 MB', async () => {
    const ofBytes = (bytes: number) => {
      const sound = Buffer.alloc(bytes)
      sound.writeUInt32BE(0x1a45dfa3)
      return formOf({ file: file(sound, 'a.webm'), response_format: 'text' })
    }
    const { status, text } = await post(ofBytes(26_214_401))
    expect(status).toBe(413)
    expect(text).toContain('Maximum content size limit (26214400) exceeded (26214401 bytes read)')
    expect((await post(ofBytes(26_214_400))).status).toBe(200)
  })

  it('by a model that does not translate', async () => {
    const request = azure.audio.translations.create({ model: 'gpt-4o-transcribe', file: await speech(1) })
    await expect(request).rejects.toMatchObject({ status: 400, code: 'OperationNotSupported' })
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
