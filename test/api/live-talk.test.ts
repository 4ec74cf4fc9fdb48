/** Live sessions and translation as it is spoken (documented September 2026; types of the official SDK). */
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { serveLive, tone } from '../support/live-client.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/live'
const rules = [{ when: { operation: 'realtimeRespond' }, then: { text: 'It is noon.' } }]
const start = (session: object = {}) => ({
  type: 'session.start',
  event_id: 'mine',
  session: { model: 'gpt-live-1', ...session },
})
const append = (type: string, sound: Buffer) => ({ type, audio: sound.toString('base64') })
const spoken = Buffer.concat([tone(1_200, 0.3), tone(900, 0)])
const heard = append('session.input_audio.append', spoken)

describe('a Live session', () => {
  it('begins when it is told to, hears, and speaks what it writes', async () => {
    const { dial } = await serveLive(stops, { rules })
    const live = await dial(address)
    const early = await live.ask({ type: 'session.input_audio.mute', event_id: 'a' }, 'error')
    expect(early).toMatchObject({ error: { code: 'session_not_started', client_event_id: 'a' }, client_event_id: 'a' })
    const { session, client_event_id } = await live.ask(start({ instructions: 'Be short.' }), 'session.started')
    expect(client_event_id).toBe('mine')
    expect(session).toMatchObject({
      model: 'gpt-live-1',
      status: 'active',
      audio: { format: { type: 'audio/pcm', rate: 24_000 }, output: { voice: 'marin' } },
      instructions: 'Be short.',
      delegation: null,
      store: false,
    })
    expect(await live.ask(start(), 'error')).toMatchObject({ error: { code: 'session_already_started' } })
    live.send(heard)
    const input = await live.until('session.input_transcript.delta')
    expect(input).toMatchObject({ delta: expect.stringMatching(/\w/) as string, start_ms: 0 })
    const said = () =>
      live.events
        .filter(({ type }) => type === 'session.output_transcript.delta')
        .map(({ delta }) => delta as string)
        .join('')
    while (said() !== 'It is noon.') await live.until('session.output_transcript.delta', live.events.length)
    await live.until('session.output_audio.delta')
    const commentary = { type: 'session.commentary.append', content: 'Say it.', delegation_id: null }
    const at = live.events.length
    expect(await live.ask(commentary, 'session.commentary.appended')).toMatchObject({ start_ms: 2_100, end_ms: 2_100 })
    await live.until('session.output_audio.delta', at)
    const sound = live.events.find(({ type }) => type === 'session.output_audio.delta')!
    expect(Buffer.from(sound['delta'] as string, 'base64')).toHaveLength(
      ((sound['end_ms'] as number) - (sound['start_ms'] as number)) * 48,
    )
    expect(sound).not.toHaveProperty('event_id')
    expect(await live.ask({ type: 'session.close', event_id: 'bye' }, 'session.closed')).toMatchObject({
      reason: 'close_requested',
      usage: { seconds: 2 },
      client_event_id: 'bye',
    })
    expect(await live.closed()).toBe(1000)
  })

  it('is muted, told things, and hears nothing in the meantime', async () => {
    const { dial } = await serveLive(stops, { rules })
    const live = await dial('/openai/v1/live/sessions')
    await live.ask(start(), 'session.started')
    await live.ask({ type: 'session.input_audio.mute' }, 'session.input_audio.muted')
    live.send(heard)
    await live.ask(
      { type: 'session.thinking.append', content: 'Quiet.', delegation_id: null },
      'session.thinking.appended',
    )
    await live.ask(
      { type: 'session.instructions.append', content: 'Be kind.', delegation_id: null },
      'session.instructions.appended',
    )
    await live.ask({ type: 'session.input_audio.unmute' }, 'session.input_audio.unmuted')
    expect(live.events.map(({ type }) => type)).not.toContain('session.input_transcript.delta')
    live.send(heard)
    await live.until('session.input_transcript.delta')
  })

  it('hands tasks on: to the client, or to responses whose events it tells', async () => {
    const { dial, simulator } = await serveLive(stops, { rules })
    const own = await dial(address)
    await own.ask(start({ delegation: { type: 'client' } }), 'session.started')
    own.send(heard)
    expect(await own.until('session.delegation.created')).toMatchObject({
      offset_ms: 2_100,
      delegation: { id: expect.stringMatching(/^dlg_/) as string, type: 'delegation', target: 'client' },
    })
    expect(await own.ask({ type: 'response.create' }, 'error')).toMatchObject({ error: { code: 'invalid_value' } })

    const live = await dial(address)
    const tools = [{ type: 'mcp', server_label: 'a', server_url: 'https://a.example.com/mcp', authorization: 's3cr3t' }]
    const delegation = { type: 'responses', responses: { model: 'gpt-4.1', tools, tool_choice: 'none' } }
    await live.ask(start({ delegation }), 'session.started')
    expect(
      await live.ask(
        {
          type: 'session.update',
          session: { delegation: { type: 'responses', responses: { instructions: 'Be brief.' } } },
        },
        'session.updated',
      ),
    ).toMatchObject({ session: { delegation: { responses: { model: 'gpt-4.1', instructions: 'Be brief.' } } } })
    expect(
      await live.ask({ type: 'session.update', session: { delegation: { type: 'client' } } }, 'error'),
    ).toMatchObject({
      error: { param: 'session.delegation.type' },
    })
    live.send(heard)
    const made = await live.until('session.delegation.created')
    const first = await live.until('response.event')
    expect(first).toMatchObject({
      delegation_id: (made['delegation'] as { id: string }).id,
      event: { type: 'response.created' },
    })
    const isDone = () =>
      live.events.some(({ event }) => (event as { type?: string } | undefined)?.type === 'response.completed')
    while (!isDone()) await live.until('response.event', live.events.length)
    const item = { type: 'message', role: 'user', content: 'And then?' }
    live.send({ type: 'response.item.create', item })
    expect(await live.ask({ type: 'response.create' }, 'response.event')).toMatchObject({ delegation_id: null })
    expect(live.texts.join()).not.toContain('s3cr3t')
    const journal = (await (await simulator.request('/++/requests')).json()) as { requests: { operation: string }[] }
    const asked = journal.requests.map(({ operation }) => operation)
    expect(asked.filter((one) => one.startsWith('Responses')).length).toBeGreaterThan(0)
  })

  it('is refused what is not as it has to be, and goes on', async () => {
    const { dial, simulator } = await serveLive(stops, {
      deployments: { chat: { model: 'gpt-4.1' } },
      allowUndefinedDeployments: false,
    })
    const live = await dial(address)
    const code = async (event: object | string) => ((await live.ask(event, 'error'))['error'] as { code: unknown }).code
    expect(await code('nonsense')).toBe('invalid_json')
    expect(await code({ type: 'nonsense' })).toBe('invalid_value')
    expect(await code({ type: 'session.start' })).toBe('missing_required_parameter')
    expect(await code({ type: 'session.start', session: {} })).toBe('missing_required_parameter')
    expect(await code(start({ model: 'none' }))).toBe('DeploymentNotFound')
    expect(await code(start({ model: 'chat' }))).toBe('OperationNotSupported')
    expect(await code(start({ color: 'red' }))).toBe('unknown_parameter')
    const created = await simulator.post('/openai/v1/live/sessions', {
      session: { model: 'gpt-live-1' },
      transport: { type: 'webrtc', sdp: '' },
    })
    expect(created.status).toBe(400)
    expect((await dial('/openai/v1/live/sessions/sess_none/attach')).status).toBe(404)
    expect((await dial(address, { headers: { 'api-key': 'wrong' } })).status).toBe(401)
  })

  it('is joined by another, tells of its use each minute, and ends when its time is up', async () => {
    const clock = manualClock()
    const { dial } = await serveLive(stops, { live: { maxTime: '90s' } }, { clock })
    const live = await dial(address)
    const { session } = await live.ask(start(), 'session.started')
    const other = await dial(`/openai/v1/live/sessions/${(session as { id: string }).id}/attach`)
    await other.ask({ type: 'session.input_audio.mute' }, 'session.input_audio.muted')
    await live.until('session.input_audio.muted')
    clock.advance(60_000)
    expect(await live.until('session.usage.updated')).toMatchObject({
      usage: { seconds: 0 },
      context_window: { usage_ratio: expect.any(Number) as number },
    })
    clock.advance(30_000)
    expect(await other.until('session.closed')).toMatchObject({ reason: 'expired' })
    expect(await live.closed()).toBe(1001)
    expect(await other.closed()).toBe(1001)
  })
})

describe('translation as it is spoken', () => {
  const path = '/openai/v1/realtime/translations'
  const sound = append('session.input_audio_buffer.append', spoken)

  it('says again what it heard, and all of it before it closes', async () => {
    const { dial } = await serveLive(stops, { rules })
    const live = await dial(`${path}?model=gpt-realtime-translate`)
    const { session } = await live.until('session.created')
    expect(session).toMatchObject({
      type: 'translation',
      model: 'gpt-realtime-translate',
      audio: { output: { language: 'en' } },
    })
    const input = { transcription: { model: 'gpt-realtime-whisper' } }
    const update = { type: 'session.update', session: { audio: { input, output: { language: 'es' } } } }
    expect(await live.ask(update, 'session.updated')).toMatchObject({
      session: { audio: { input, output: { language: 'es' } } },
    })
    live.send(sound)
    live.send({ type: 'session.close' })
    await live.until('session.closed')
    expect(await live.closed()).toBe(1000)
    const of = (type: string) => live.events.filter((event) => event.type === `session.${type}.delta`)
    expect(of('input_transcript')[0]).toMatchObject({ elapsed_ms: expect.any(Number) as number })
    expect(
      of('output_transcript')
        .map(({ delta }) => delta as string)
        .join(''),
    ).toBe('It is noon.')
    expect(of('output_audio')[0]).toMatchObject({ sample_rate: 24_000, channels: 1, format: 'pcm16' })
  })

  it('takes a client secret of its own kind, and no other', async () => {
    const { dial, simulator } = await serveLive(stops)
    const secret = async (at: string, session: object) =>
      (await (await simulator.post(`/openai/v1/realtime/${at}client_secrets`, { session })).json()) as {
        value: string
        session: object
      }
    const own = await secret('translations/', {
      model: 'gpt-realtime-translate',
      audio: { output: { language: 'fr' } },
    })
    expect(own.session).toMatchObject({ type: 'translation', audio: { output: { language: 'fr' } } })
    const other = await secret('', { type: 'realtime', model: 'gpt-realtime' })
    const by = ({ value }: { value: string }) => ({ headers: { authorization: `Bearer ${value}` } })
    const live = await dial(path, by(own))
    expect((await live.until('session.created'))['session']).toMatchObject({ audio: { output: { language: 'fr' } } })
    expect((await dial('/openai/v1/realtime', by(other))).status).toBe(101)
    expect((await dial(path, by(other))).status).toBe(401)
    expect((await dial('/openai/v1/realtime?model=gpt-realtime', by(own))).status).toBe(401)
    expect((await dial(path)).status).toBe(400)
    expect((await dial(`${path}?model=gpt-4.1`)).status).toBe(400)
  })

  it('refuses what is not as it has to be', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(`${path}?model=gpt-realtime-translate`)
    const code = async (event: object | string) => ((await live.ask(event, 'error'))['error'] as { code: unknown }).code
    expect(await code({ type: 'session.input_audio_buffer.append', audio: '###' })).toBe('invalid_value')
    expect(await code({ type: 'session.update', session: { voice: 'x' } })).toBe('unknown_parameter')
    expect(await code({ type: 'response.create' })).toBe('invalid_value')
    expect(await code('x')).toBe(null)
  })
})
