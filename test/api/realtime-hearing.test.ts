/** What a Realtime session hears: formats, detection of speech, transcriptions, and sessions that do nothing else. */
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { type Live, serveLive, tone } from '../support/live-client.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/realtime?model=gpt-realtime'

/** Nothing is answered: what is looked at is what is heard. */
const listening = (input: object) => ({
  type: 'session.update',
  session: { type: 'realtime', audio: { input } },
})
const hear = (live: Live, ...sounds: Buffer[]) => {
  for (const sound of sounds) live.send({ type: 'input_audio_buffer.append', audio: sound.toString('base64') })
}

/** Values of ITU-T G.711: how loud a byte is. */
const mu = { quiet: 0xff, loud: [0x80, 0x00] }
const a = { quiet: 0xd5, loud: [0xaa, 0x2a] }
/** Eight samples up and eight down: 500 Hz, as loud as can be. */
const telephone = (ms: number, { quiet, loud }: typeof mu, isLoud: boolean) =>
  Buffer.from(Array.from({ length: ms * 8 }, (_, at) => (isLoud ? loud[(at >> 3) & 1]! : quiet)))

describe('what a Realtime session hears', () => {
  it.each([
    ['audio/pcmu', mu],
    ['audio/pcma', a],
  ])('may be %s, both ways', async (type, law) => {
    const { dial } = await serveLive(stops, { rules: [{ then: { text: 'Good morning to you.' } }] })
    const live = await dial(address)
    const session = { type: 'realtime', audio: { input: { format: { type } }, output: { format: { type } } } }
    expect(await live.ask({ type: 'session.update', session }, 'session.updated')).toMatchObject({
      session: { audio: { input: { format: { type } }, output: { format: { type } } } },
    })
    hear(live, telephone(500, law, false), telephone(700, law, true), telephone(300, law, false))
    expect(await live.until('input_audio_buffer.speech_started')).toMatchObject({ audio_start_ms: 200 })
    expect(await live.until('input_audio_buffer.speech_stopped')).toMatchObject({ audio_end_ms: 1_400 })
    await live.until('response.done')
    const sound = Buffer.concat(
      live.events
        .filter(({ type }) => type === 'response.output_audio.delta')
        .map(({ delta }) => Buffer.from(delta as string, 'base64')),
    )
    // 20 characters at 15 a second, 8,000 bytes each.
    expect(sound.length).toBe(Math.ceil((20 / 15) * 1000) * 8)
    // A tone crosses zero twice a period, and the sign is the top bit: alloy is at 190 Hz.
    const signs = [...sound.subarray(0, 8_000)].map((byte) => byte & 0x80)
    const crossings = signs.filter((sign, at) => at > 0 && sign !== signs[at - 1]).length
    expect(crossings).toBeGreaterThanOrEqual(376)
    expect(crossings).toBeLessThanOrEqual(384)
  })

  it('is not the offset that a microphone adds', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    const lifted = (sound: Buffer) => {
      for (let at = 0; at < sound.length; at += 2) sound.writeInt16LE(sound.readInt16LE(at) + 9_000, at)
      return sound
    }
    hear(live, lifted(tone(400, 0)), lifted(tone(700, 0.2)), lifted(tone(400, 0)))
    expect(await live.until('input_audio_buffer.speech_started')).toMatchObject({ audio_start_ms: 100 })
    expect(await live.until('input_audio_buffer.speech_stopped')).toMatchObject({ audio_end_ms: 1_300 })
  })

  it('is taken once: a turn begins no earlier than the one before ended', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    hear(live, tone(400, 0), tone(500, 0.2), tone(200, 0), tone(500, 0.2), tone(200, 0))
    await live.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared')
    const times = live.events.map(({ audio_start_ms: start, audio_end_ms: end }) => start ?? end)
    expect(times.filter((ms) => ms !== undefined)).toEqual([100, 1_100, 1_100, 1_800])
  })

  it('is judged by threshold, silence and padding', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    const turn_detection = {
      type: 'server_vad',
      threshold: 0.9,
      prefix_padding_ms: 100,
      silence_duration_ms: 500,
      create_response: false,
    }
    await live.ask(listening({ turn_detection }), 'session.updated')
    // A sine of 0.04 has an effective value of 0.028: below 0.9 of what a threshold of 1 means, above 0.5 of it.
    hear(live, tone(400, 0.04), tone(100, 0), tone(400, 0.2), tone(400, 0), tone(200, 0.2), tone(480, 0))
    // A pause of 400 ms is no end.
    hear(live, tone(20, 0))
    expect(await live.until('input_audio_buffer.speech_started')).toMatchObject({ audio_start_ms: 400 })
    expect(await live.until('input_audio_buffer.speech_stopped')).toMatchObject({ audio_end_ms: 2_000 })
    const committed = await live.until('input_audio_buffer.committed')
    await live.ask(listening({ turn_detection: { type: 'server_vad', threshold: 0.5 } }), 'session.updated')
    hear(live, tone(400, 0.04))
    const from = live.events.indexOf(committed)
    expect(await live.until('input_audio_buffer.speech_started', from)).toMatchObject({ audio_start_ms: 2_000 })
    expect(live.events.some(({ type }) => type === 'response.created')).toBe(false)
  })

  it('may come in frames of any length', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    const sound = Buffer.concat([tone(300, 0), tone(600, 0.2), tone(400, 0)])
    for (let at = 0; at < sound.length; at += 1_234) hear(live, sound.subarray(at, at + 1_234))
    expect(await live.until('input_audio_buffer.speech_started')).toMatchObject({ audio_start_ms: 0 })
    expect(await live.until('input_audio_buffer.speech_stopped')).toMatchObject({ audio_end_ms: 1_100 })
  })

  it.each([
    ['high', 300],
    ['medium', 600],
    ['auto', 600],
    ['low', 1_200],
  ])('with semantic_vad waits as its eagerness has it: %s', async (eagerness, waitMs) => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    await live.ask(listening({ turn_detection: { type: 'semantic_vad', eagerness } }), 'session.updated')
    hear(live, tone(400, 0.2), tone(waitMs - 20, 0))
    await live.ask({ type: 'session.update', session: { type: 'realtime' } }, 'session.updated')
    expect(live.events.some(({ type }) => type.endsWith('speech_stopped'))).toBe(false)
    hear(live, tone(20, 0))
    expect(await live.until('input_audio_buffer.speech_stopped')).toMatchObject({ audio_end_ms: 400 + waitMs })
  })

  it('may be nothing for too long', async () => {
    const clock = manualClock(1_000_000)
    const { dial } = await serveLive(stops, { rules: [{ then: { text: 'Hi!' } }] }, { clock })
    const live = await dial(address)
    await live.ask(listening({ turn_detection: { type: 'server_vad', idle_timeout_ms: 6_000 } }), 'session.updated')
    live.send({ type: 'response.create' })
    await live.until('response.done')
    hear(live, tone(1_000, 0))
    await live.ask({ type: 'session.update', session: { type: 'realtime' } }, 'session.updated')
    // What was said takes 300 ms to hear.
    clock.advance(6_299)
    const from = live.events.length
    clock.advance(1)
    expect(await live.until('input_audio_buffer.timeout_triggered')).toMatchObject({
      audio_start_ms: 700,
      audio_end_ms: 1_000,
    })
    await live.until('input_audio_buffer.committed')
    await live.until('response.done', from)
  })

  it('costs a token each 100 ms, and what is said one each 50 ms, until it is cut off', async () => {
    const { dial } = await serveLive(stops, { rules: [{ then: { text: 'Good morning to you, dear listener.' } }] })
    const live = await dial(address)
    const audio = tone(1_250, 0.2).toString('base64')
    const item = { type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] }
    const added = await live.ask({ type: 'conversation.item.create', item }, 'conversation.item.done')
    expect(added['item']).toMatchObject({ content: [{ type: 'input_audio', transcript: null }] })
    const usageOf = async () => {
      const done = await live.ask({ type: 'response.create' }, 'response.done')
      return (done['response'] as { usage: Usage }).usage
    }
    const first = await usageOf()
    expect(first.input_token_details.audio_tokens).toBe(13)
    // 35 characters at 15 a second.
    const said = Math.ceil(Math.ceil((35 / 15) * 1000) / 50)
    expect(first.output_token_details.audio_tokens).toBe(said)
    expect(first.total_tokens).toBe(first.input_tokens + first.output_tokens)
    expect(first.input_tokens).toBe(13 + first.input_token_details.text_tokens)
    expect(first.output_tokens).toBe(said + first.output_token_details.text_tokens)
    const second = await usageOf()
    expect(second.input_token_details.audio_tokens).toBe(13 + said)
    const items = live.events
      .filter(({ type }) => type === 'response.output_item.done')
      .map(({ item }) => item as { id: string })
    for (const { id: item_id } of items)
      await live.ask(
        { type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 500 },
        'conversation.item.truncated',
      )
    const third = await usageOf()
    expect(third.input_token_details.audio_tokens).toBe(13 + 10 + 10)
    // The words of what was not heard are gone, too.
    expect(third.input_token_details.text_tokens).toBeLessThan(second.input_token_details.text_tokens)
  })
})

type Usage = {
  total_tokens: number
  input_tokens: number
  output_tokens: number
  input_token_details: { text_tokens: number; audio_tokens: number }
  output_token_details: { text_tokens: number; audio_tokens: number }
}

describe('a transcription session', () => {
  it('writes down what it hears, and answers nothing', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial('/openai/v1/realtime?intent=transcription')
    expect(await live.until('session.created')).toMatchObject({
      session: { type: 'transcription', object: 'realtime.transcription_session' },
    })
    const transcription = { model: 'gpt-4o-transcribe', language: 'en', prompt: 'Names of ships.' }
    const session = {
      type: 'transcription',
      audio: { input: { transcription } },
      include: ['item.input_audio_transcription.logprobs'],
    }
    expect(await live.ask({ type: 'session.update', session }, 'session.updated')).toMatchObject({
      session: { type: 'transcription', audio: { input: { transcription } } },
    })
    hear(live, tone(2_000, 0.2), tone(300, 0))
    const done = await live.until('conversation.item.input_audio_transcription.completed')
    const deltas = live.events.filter(({ type }) => type.endsWith('transcription.delta'))
    expect(deltas.map(({ delta }) => delta as string).join('')).toBe(done['transcript'])
    expect(deltas.length).toBeGreaterThan(1)
    expect((done['logprobs'] as unknown[]).length).toBe(deltas.length)
    // From 0 to 2,200 ms: the padding reaches back to the start, and the silence counts.
    expect(done['usage']).toMatchObject({
      type: 'tokens',
      input_token_details: { audio_tokens: 22, text_tokens: 4 },
    })
    expect(await live.ask({ type: 'response.create', event_id: 'mine' }, 'error')).toMatchObject({
      error: { type: 'invalid_request_error', event_id: 'mine' },
    })
    const other = { type: 'session.update', session: { type: 'realtime' } }
    expect(await live.ask(other, 'error')).toMatchObject({ error: { param: 'session.type' } })
    expect(live.events.some(({ type }) => type === 'response.created')).toBe(false)
  })

  it('was another in the previews', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(
      '/openai/realtime?api-version=2025-04-01-preview&intent=transcription&deployment=gpt-4o-realtime-preview',
    )
    expect(await live.until('transcription_session.created')).toMatchObject({
      session: { object: 'realtime.transcription_session', input_audio_format: 'pcm16' },
    })
    const session = {
      input_audio_format: 'g711_ulaw',
      input_audio_transcription: { model: 'whisper-1' },
      turn_detection: { type: 'server_vad', silence_duration_ms: 400 },
    }
    const update = { type: 'transcription_session.update', session }
    expect(await live.ask(update, 'transcription_session.updated')).toMatchObject({
      session: { ...session, turn_detection: { threshold: 0.5, silence_duration_ms: 400 } },
    })
    hear(live, telephone(1_000, mu, true), telephone(400, mu, false))
    expect(await live.until('conversation.item.input_audio_transcription.completed')).toMatchObject({
      usage: { type: 'duration', seconds: 2 },
    })
    expect(await live.ask({ type: 'session.update', session: {} }, 'error')).toMatchObject({
      error: { type: 'invalid_request_error' },
    })
  })
})
