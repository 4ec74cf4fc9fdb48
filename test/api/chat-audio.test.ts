import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'
import { wav } from '../support/sound.ts'

const ask = {
  model: 'gpt-audio',
  messages: [{ role: 'user' as const, content: 'Say hello' }],
  modalities: ['text' as const, 'audio' as const],
  audio: { voice: 'alloy' as const, format: 'wav' as const },
}

describe('a spoken answer', () => {
  it('has its sound, how long that is kept, and its transcript in place of a content', async () => {
    const { choices, usage } = await testSimulator().azure().chat.completions.create(ask)
    const [choice] = choices
    expect(choice?.message.content).toBeNull()
    const { data = '', id = '', expires_at: expiresAt = 0, transcript = '' } = choice?.message.audio ?? {}
    expect(id).toMatch(/^audio_/)
    expect(expiresAt).toBeGreaterThan(Date.now() / 1_000)
    const sound = Buffer.from(data, 'base64')
    expect(sound.subarray(0, 4).toString()).toBe('RIFF')
    const { audio_tokens: heard = 0 } = usage?.completion_tokens_details ?? {}
    expect(heard).toBeGreaterThan(0)
    expect(usage?.completion_tokens).toBe(heard + countTokens(transcript, 'o200k_base'))
    // 24,000 samples of two bytes a second, and twenty tokens.
    expect((sound.length - 44) / 48_000).toBeCloseTo(heard / 20, 1)
  })

  it.each([
    ['mp3', 0xff],
    ['flac', 0x66],
    ['opus', 0x4f],
    ['aac', 0xff],
  ] as const)('comes as %s where that is asked for', async (format, first) => {
    const answer = await testSimulator()
      .azure()
      .chat.completions.create({ ...ask, audio: { voice: 'echo', format }, max_completion_tokens: 60 })
    expect(Buffer.from(answer.choices[0]?.message.audio?.data ?? '', 'base64')[0]).toBe(first)
  })

  it('ends with length at its limit, sound and text together', async () => {
    const answer = await testSimulator()
      .azure()
      .chat.completions.create({ ...ask, max_completion_tokens: 50 })
    expect(answer.choices[0]?.finish_reason).toBe('length')
    expect(answer.usage?.completion_tokens).toBeLessThanOrEqual(50)
    expect(answer.usage?.completion_tokens).toBeGreaterThan(40)
  })

  it('is made while it is sent where it is long, and is whole all the same', async () => {
    const { choices, usage } = await testSimulator()
      .azure()
      .chat.completions.create({ ...ask, max_completion_tokens: 2_600 })
    const audio = choices[0]?.message.audio
    const sound = Buffer.from(audio?.data ?? '', 'base64')
    expect(sound.subarray(0, 4).toString()).toBe('RIFF')
    expect(sound.length).toBeGreaterThan(4_800_000)
    expect(sound.readUInt32LE(40)).toBe(sound.length - 44)
    expect(audio?.transcript).toBeTruthy()
    expect(usage?.completion_tokens).toBeGreaterThan(2_500)
  })

  it('is streamed a second at a time behind its transcript', async () => {
    const stream = await testSimulator()
      .azure()
      .chat.completions.create({ ...ask, audio: { voice: 'alloy', format: 'pcm16' }, stream: true })
    type Audio = { id?: string; transcript?: string; data?: string; expires_at?: number }
    const deltas: Audio[] = []
    const kinds: string[] = []
    for await (const { choices } of stream as AsyncIterable<Partial<OpenAI.ChatCompletionChunk>>) {
      kinds.push(choices === undefined ? 'none' : (choices[0]?.finish_reason ?? 'other'))
      if (!choices) continue
      const audio = (choices[0]?.delta as { audio?: Audio } | undefined)?.audio
      if (audio) deltas.push(audio)
    }
    expect(deltas[0]?.id).toMatch(/^audio_/)
    expect(deltas.at(-1)?.expires_at).toBeGreaterThan(0)
    // Recorded April 2025: the last sound, a chunk without choices, then when the sound expires.
    expect(kinds.slice(-4)).toEqual(['stop', 'other', 'none', 'other'])
    const text = deltas.map(({ transcript = '' }) => transcript).join('')
    const bytes = Buffer.concat(deltas.map(({ data = '' }) => Buffer.from(data, 'base64')))
    expect(text.length).toBeGreaterThan(20)
    // About fifteen characters a second.
    expect(bytes.length / 48_000).toBeGreaterThan(text.length / 15 - 1)
    const firstSound = deltas.findIndex(({ data }) => data)
    expect(deltas.slice(firstSound).some(({ transcript }) => transcript)).toBe(true)
  })

  it('is refused as a stream of another format, and without its form', async () => {
    const client = testSimulator().azure()
    await expect(client.chat.completions.create({ ...ask, stream: true })).rejects.toMatchObject({
      status: 400,
      param: 'audio.format',
      message: expect.stringContaining("'audio.format' does not support 'wav' when stream=true") as unknown,
    })
    await expect(client.chat.completions.create({ ...ask, n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' })
    const { audio: _, ...without } = ask
    await expect(client.chat.completions.create(without)).rejects.toMatchObject({ status: 400, param: 'audio' })
  })
})

describe('sound in a prompt', () => {
  it('counts, and is told apart', async () => {
    const seconds = 3
    const wav = Buffer.alloc(44 + 48_000 * seconds)
    wav.write('RIFF', 0)
    wav.writeUInt32LE(wav.length - 8, 4)
    wav.write('WAVEfmt ', 8)
    wav.writeUInt32LE(16, 16)
    wav.writeUInt16LE(1, 20)
    wav.writeUInt16LE(1, 22)
    wav.writeUInt32LE(24_000, 24)
    wav.writeUInt32LE(48_000, 28)
    wav.writeUInt16LE(2, 32)
    wav.writeUInt16LE(16, 34)
    wav.write('data', 36)
    wav.writeUInt32LE(48_000 * seconds, 40)
    const part = { type: 'input_audio' as const, input_audio: { data: wav.toString('base64'), format: 'wav' as const } }
    const { usage } = await testSimulator()
      .azure()
      .chat.completions.create({ model: 'gpt-audio', messages: [{ role: 'user', content: [part] }], max_tokens: 5 })
    expect(usage?.prompt_tokens_details?.audio_tokens).toBe(10 * seconds)
    expect(usage?.prompt_tokens).toBeGreaterThan(10 * seconds)
    expect(usage?.completion_tokens_details?.audio_tokens).toBe(0)
  })
})

describe('a sound within a message', () => {
  it.each([
    ['wav', Buffer.from('this is no sound at all').toString('base64')],
    ['mp3', Buffer.alloc(20_000, 'x').toString('base64')],
    ['wav', '!!!'],
    ['mp3', wav(1).toString('base64')],
  ] as const)('is refused where it is no %s', async (format, data) => {
    const content = [{ type: 'input_audio' as const, input_audio: { data, format } }]
    const asked = testSimulator()
      .azure()
      .chat.completions.create({ ...ask, messages: [{ role: 'user', content }] })
    await expect(asked).rejects.toMatchObject({
      status: 400,
      param: 'messages[0].content[0].input_audio',
      message: expect.stringContaining(`is not of valid ${format} format.`) as string,
    })
  })
})

describe('a sound within an input of Responses', () => {
  const garbage = Buffer.from('this is no sound at all').toString('base64')
  it.each([
    [{ data: garbage, format: 'wav' }, 'input[0].content[0].input_audio'],
    [{ data: wav(1).toString('base64'), format: 'mp3' }, 'input[0].content[0].input_audio'],
    [{ data: wav(1).toString('base64'), format: 'flac' }, 'input[0].content[0].input_audio.format'],
    [{ data: wav(1).toString('base64') }, 'input[0].content[0].input_audio.format'],
    [{ format: 'wav' }, 'input[0].content[0].input_audio.data'],
    [undefined, 'input[0].content[0].input_audio'],
  ])('is looked at: %#', async (audio, param) => {
    const answer = await testSimulator().request('/openai/v1/responses', {
      method: 'POST',
      body: JSON.stringify({
        model: 'gpt-4.1',
        input: [{ role: 'user', content: [{ type: 'input_audio', input_audio: audio }] }],
      }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param } })
  })
})
