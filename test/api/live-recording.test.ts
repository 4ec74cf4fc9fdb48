/** Live connections recorded from a real service (here: another simulator) and replayed, frame by frame. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { type Event, type Live, serveLive, tone } from '../support/live-client.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/realtime?model=gpt-realtime'
const update = {
  type: 'session.update',
  session: { type: 'realtime', instructions: 'Speak of service-key-0123456789.' },
}

async function folder() {
  const dir = await mkdtemp(path.join(tmpdir(), 'live-recordings-'))
  stops.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function documents(dir: string) {
  const names = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.yaml'))
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(path.join(dir, name), 'utf8') })))
}

const service = (input: object = {}) => serveLive(stops, { apiKey: 'service-key-0123456789', ...input })
const recorder = (endpoint: string, dir: string) =>
  serveLive(stops, {
    mode: 'record',
    recording: { dir },
    forward: { endpoint, key: 'service-key-0123456789' },
  })

/** A turn by voice, one by words, and the end. */
async function talk(live: Live): Promise<readonly Event[]> {
  await live.ask(update, 'session.updated')
  for (const sound of [tone(400, 0.2), tone(300, 0)])
    live.send({ type: 'input_audio_buffer.append', audio: sound.toString('base64') })
  await live.until('rate_limits.updated').catch(() => undefined)
  const from = live.events.length
  live.send({ type: 'response.create', response: { output_modalities: ['text'] } })
  await live.until('response.done', from)
  return live.events
}
const limited = { deployments: { 'gpt-realtime': { model: 'gpt-realtime', tokensPerMinute: 100_000 } } }

describe('a live connection that is recorded', () => {
  it('is passed on, kept as a document, and replayed to whoever says the same', async () => {
    const dir = await folder()
    const real = await service({ ...limited, rules: [{ then: { text: 'Good morning to you.' } }] })
    const recording = await recorder(real.host.url, dir)
    const live = await recording.dial(address)
    expect(live.status).toBe(101)
    const heard = [...(await talk(live))]
    live.close()
    await live.closed()
    while ((await documents(dir)).length === 0) await new Promise((resolve) => setImmediate(resolve))
    await recording.host.stop()
    const [document] = await documents(dir)
    expect(document!.name).toMatch(/^openai\/v1\/realtime\/\w{32}\.yaml$/)
    // Neither the service's key nor the simulator's is in it.
    expect(document!.text).not.toMatch(/service-key|test-key/)
    expect(document!.text).toContain('model: gpt-realtime')
    expect(document!.text).toMatch(/- afterMs: [\d.]+\n +event: client\n +data: \{"type":"session.update"/)
    expect(document!.text).toMatch(/event: server\n +data: \{"type":"response.done"/)

    const replaying = await serveLive(stops, { mode: 'replay', recording: { dir }, replay: { speed: 0 } })
    const again = await replaying.dial(address)
    const replayed = await talk(again)
    expect(replayed.map(({ type }) => type)).toEqual(heard.map(({ type }) => type))
    expect(replayed.slice(1)).toEqual(
      heard
        .slice(1)
        .map((event) => JSON.parse(JSON.stringify(event).replaceAll('service-key-0123456789', '***')) as Event),
    )
    expect((await replaying.dial('/openai/v1/realtime?model=another')).status).toBe(404)
  })

  it('is read as a person wrote it, at its times, and says where the client went another way', async () => {
    const dir = await folder()
    const real = await service()
    const recording = await recorder(real.host.url, dir)
    const first = await recording.dial(address)
    await first.ask(update, 'session.updated')
    first.close()
    while ((await documents(dir)).length === 0) await new Promise((resolve) => setImmediate(resolve))
    const [{ name } = { name: '' }] = await documents(dir)
    await writeFile(
      path.join(dir, name),
      `version: 2
request:
  method: GET
  path: /openai/v1/realtime
  json: { model: gpt-realtime }
response:
  status: 101
  events:
    - afterMs: 100
      event: server
      data: { type: session.created }
    - event: client
      data: { type: response.create }
    - afterMs: 250
      event: server
      data: { type: response.done }
    - afterMs: 50
      event: close
      data: { code: 1011, reason: Gone. }
`,
    )
    const clock = manualClock(1_000_000)
    const { dial } = await serveLive(stops, { mode: 'replay', recording: { dir } }, { clock })
    const live = await dial(address)
    clock.advance(100)
    await live.until('session.created')
    const { error } = await live.ask({ type: 'session.update', session: {} }, 'error')
    expect(error).toMatchObject({ code: 'recording_mismatch' })
    live.send({ type: 'response.create' })
    // Another connection's refusal comes later than what was sent before it.
    expect((await dial('/openai/v1/realtime?model=another')).status).toBe(404)
    clock.advance(249)
    expect(live.events.map(({ type }) => type)).toEqual(['session.created', 'error'])
    clock.advance(1)
    await live.until('response.done')
    clock.advance(50)
    expect(await live.closed()).toBe(1011)
  })

  it('is not kept where the service broke it off, and refused as the service refuses it', async () => {
    const dir = await folder()
    const rules = [{ when: { operation: 'realtime' }, then: { fault: 'cut', after: { events: 1 } } }]
    const real = await service({ rules })
    const recording = await recorder(real.host.url, dir)
    const live = await recording.dial(address)
    live.send(update)
    expect(await live.closed()).toBe(1006)
    const strange = await serveLive(stops, {
      mode: 'record',
      recording: { dir },
      forward: { endpoint: real.host.url, key: 'wrong-key-0123456789' },
    })
    expect((await strange.dial(address)).status).toBe(401)
    const nobody = await serveLive(stops, {
      mode: 'record',
      recording: { dir },
      forward: { endpoint: 'http://127.0.0.1:1', key: 'service-key-0123456789' },
    })
    expect((await nobody.dial(address)).status).toBe(502)
    expect(await documents(dir)).toEqual([])
  })

  it('is closed with the code of the service, which is kept', async () => {
    const dir = await folder()
    const rules = [{ when: { operation: 'realtime' }, then: { fault: 'close', code: 1001, after: { events: 1 } } }]
    const real = await service({ rules })
    const recording = await recorder(real.host.url, dir)
    const live = await recording.dial(address)
    live.send(update)
    expect(await live.closed()).toBe(1001)
    while ((await documents(dir)).length === 0) await new Promise((resolve) => setImmediate(resolve))
    const replaying = await serveLive(stops, { mode: 'replay', recording: { dir }, replay: { speed: 0 } })
    const again = await replaying.dial(address)
    again.send(update)
    expect(await again.closed()).toBe(1001)
    expect(again.events).toHaveLength(1)
  })
})
