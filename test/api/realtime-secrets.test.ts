/** Keys of Realtime's clients (`client_secrets` recorded July 2026), and who may open a session how. */
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { serveLive } from '../support/live-client.ts'
import { testSimulator } from '../support/simulator.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const model = 'gpt-realtime'
const address = `/openai/v1/realtime?model=${model}`

describe("keys of Realtime's clients", () => {
  it('may say in which languages and with which words it is spoken (published description)', async () => {
    const asked = (transcription: object) =>
      testSimulator({}).post('/openai/v1/realtime/client_secrets', {
        session: { type: 'realtime', model, audio: { input: { transcription } } },
      })
    expect((await asked({ languages: ['en', 'de'], keywords: ['Azure'], delay: 'low' })).status).toBe(200)
    const refused = await asked({ languages: [] })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error: { param: 'session.audio.input.transcription.languages' } })
    expect((await asked({ keywords: 'Azure' })).status).toBe(400)
  })

  it('have the shape that was recorded', async () => {
    const answer = await testSimulator({}, { clock: manualClock(1_784_858_837_000) }).post(
      '/openai/v1/realtime/client_secrets',
      {
        session: {
          audio: {
            input: {
              format: { rate: 24_000, type: 'audio/pcm' },
              transcription: { model: 'gpt-realtime-whisper' },
              turn_detection: { create_response: true, interrupt_response: true, type: 'server_vad' },
            },
            output: { format: { rate: 24_000, type: 'audio/pcm' } },
          },
          instructions: 'Answer in two or three words.',
          model,
          output_modalities: ['audio'],
          type: 'realtime',
        },
      },
    )
    expect(answer.headers.get('azureml-served-by-cluster')).toBe('hyena-eastus2-02')
    expect(answer.headers.get('openai-version')).toBe('2020-10-01')
    expect(await answer.json()).toEqual({
      expires_at: 1_784_859_437,
      session: {
        audio: {
          input: {
            format: { rate: 24_000, type: 'audio/pcm' },
            noise_reduction: null,
            transcription: { language: null, model: 'gpt-realtime-whisper', prompt: null },
            turn_detection: {
              create_response: true,
              idle_timeout_ms: null,
              interrupt_response: true,
              prefix_padding_ms: 300,
              silence_duration_ms: 200,
              threshold: 0.5,
              type: 'server_vad',
            },
          },
          output: { format: { rate: 24_000, type: 'audio/pcm' }, speed: 1, voice: 'alloy' },
        },
        expires_at: 0,
        id: expect.stringMatching(/^sess_\w{21}$/) as string,
        include: null,
        instructions: 'Answer in two or three words.',
        max_output_tokens: 'inf',
        model,
        object: 'realtime.session',
        output_modalities: ['audio'],
        prompt: null,
        tool_choice: 'auto',
        tools: [],
        tracing: null,
        truncation: 'auto',
        type: 'realtime',
      },
      value: expect.stringMatching(/^ek_\w{32}$/) as string,
    })
  })

  it('open sessions as they were made for, until they end, and nothing else', async () => {
    const clock = manualClock(1_000_000)
    const { simulator, dial } = await serveLive(stops, {}, { clock })
    const { value, expires_at } = await simulator.v1().realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: { type: 'realtime', model, instructions: 'Be brief.', audio: { output: { voice: 'verse' } } },
    })
    expect(expires_at).toBe(1_060)
    const bearer = { authorization: `Bearer ${value}` }
    for (const how of [
      { headers: bearer },
      { headers: {}, protocols: ['realtime', `openai-insecure-api-key.${value}`] },
    ]) {
      const live = await dial('/openai/v1/realtime', how)
      expect(await live.until('session.created')).toMatchObject({
        session: { model, instructions: 'Be brief.', audio: { output: { voice: 'verse' } } },
      })
    }
    const strange = { authorization: 'Bearer ek_00000000000000000000000000000000' }
    expect((await dial(address, { headers: strange })).status).toBe(401)
    const body = { model: 'gpt-4.1', messages: [{ role: 'user', content: 'x' }] }
    const chat = await simulator.post('/openai/v1/chat/completions', body, { 'api-key': '', ...bearer })
    expect(chat.status).toBe(401)
    clock.advance(60_000)
    expect((await dial(address, { headers: bearer })).status).toBe(401)
  })

  it('are asked for as the service has it', async () => {
    const { post } = testSimulator({ deployments: { 'gpt-4.1': { model: 'gpt-4.1' } } })
    const error = async (body: object) => {
      const answer = await post('/openai/v1/realtime/client_secrets', body)
      return { status: answer.status, ...((await answer.json()) as { error: object }).error }
    }
    expect(await error({ session: { type: 'realtime', temperature: 1 } })).toMatchObject({
      status: 400,
      code: 'unknown_parameter',
      message: "Unknown parameter: 'session.temperature'.",
    })
    expect(await error({ expires_after: { seconds: 5 } })).toMatchObject({
      param: 'expires_after.seconds',
      code: 'integer_below_min_value',
    })
    expect(await error({ session: { model } })).toMatchObject({
      code: 'missing_required_parameter',
      param: 'session.type',
    })
    expect(await error({ session: { type: 'realtime', model: 'gpt-4.1' } })).toMatchObject({
      status: 400,
      code: 'OperationNotSupported',
    })
    expect((await post('/openai/v1/realtime/client_secrets', '[1')).status).toBe(400)
  })

  it('were flat in the previews', async () => {
    const { simulator, dial } = await serveLive(stops)
    const answer = await simulator.post('/openai/realtimeapi/sessions?api-version=2025-04-01-preview', {
      model: 'gpt-4o-realtime-preview',
      voice: 'verse',
    })
    const made = (await answer.json()) as { client_secret: { value: string } }
    expect(made).toMatchObject({ object: 'realtime.session', voice: 'verse', modalities: ['audio', 'text'] })
    const live = await dial('/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-4o-realtime-preview', {
      headers: { authorization: `Bearer ${made.client_secret.value}` },
    })
    expect(await live.until('session.created')).toMatchObject({ session: { voice: 'verse' } })
  })
})

describe('who opens a session', () => {
  it('has a key in a header, in the query or in a subprotocol', async () => {
    const { dial } = await serveLive(stops)
    expect((await dial(address, { headers: { authorization: 'Bearer test-key' } })).status).toBe(101)
    expect((await dial(`${address}&api-key=test-key`, { headers: {} })).status).toBe(101)
    const browser = await dial(address, { headers: {}, protocols: ['realtime', 'openai-insecure-api-key.test-key'] })
    expect([browser.status, browser.protocol]).toEqual([101, 'realtime'])
    expect((await dial(`${address}&api-key=wrong`, { headers: {} })).status).toBe(401)
    expect((await dial(address, { headers: {} })).status).toBe(401)
  })

  it('names what it wants, and no version', async () => {
    const { dial } = await serveLive(stops, {
      deployments: { 'gpt-4.1': { model: 'gpt-4.1' } },
      allowUndefinedDeployments: false,
    })
    const status = async (path: string) => (await dial(path)).status
    // Documented for who migrates.
    for (const version of ['v1', 'preview', '2025-04-01-preview'])
      expect(await status(`${address}&api-version=${version}`)).toBe(401)
    expect(await status('/openai/v1/realtime')).toBe(400)
    expect(await status(address)).toBe(404)
    expect(await status('/openai/v1/realtime?model=gpt-4.1')).toBe(400)
    expect(await status('/openai/v1/realtime?call_id=rtc_1')).toBe(404)
    expect(await status('/openai/v1/realtime?intent=transcription&model=gpt-4.1')).toBe(400)
    expect(await status('/openai/v1/realtime?intent=nonsense')).toBe(400)
    expect(await status('/openai/v1/realtime?intent=transcription')).toBe(101)
  })
})
