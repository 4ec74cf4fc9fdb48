/** What is told of live connections: in the journal, in metrics, and each second. */
import { afterEach, describe, expect, it } from 'vitest'
import type { LiveSecond } from '../../src/sim/metrics/live.ts'
import { manualClock } from '../support/manual-clock.ts'
import { serveLive } from '../support/live-client.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/realtime?model=gpt-realtime'

type Entry = {
  operation: string
  status: number
  session?: { state: string; frames: object; code?: number }
  tokens?: object
}

describe('a live connection', () => {
  it('is in the journal while it is there, with its answers beside it, and tells how it ended', async () => {
    const { dial, simulator } = await serveLive(stops)
    const entries = async () => {
      const answer = await simulator.request('/++/requests')
      return ((await answer.json()) as { requests: Entry[] }).requests
    }
    const live = await dial(address)
    live.send({ type: 'response.create', response: { output_modalities: ['text'] } })
    await live.until('response.done')
    await live.ask({ type: 'session.update', session: { type: 'realtime' } }, 'session.updated')
    const [answer, connection] = await entries()
    expect(answer).toMatchObject({
      operation: 'Realtime_Respond',
      status: 200,
      tokens: { prompt: expect.any(Number) as number },
    })
    expect(connection).toMatchObject({
      operation: 'Realtime_Connect',
      status: 101,
      session: { state: 'open', frames: { in: 2, out: live.events.length } },
    })
    live.close()
    await live.closed()
    for (;;) {
      const told = (await entries()).find(({ session }) => session)
      if (told?.session?.state === 'open') continue
      expect(told?.session).toMatchObject({ state: 'closed', code: 1005, frames: { in: 2 } })
      return
    }
  })

  it('tells whether a listener would have heard a gap', async () => {
    const clock = manualClock(1_000_000)
    // Each token is heard for about 200 ms, and the next comes a second later.
    const slow = { latency: { chatCompletions: { timeToFirstToken: '10ms', interToken: '1s' } } }
    const rules = [{ then: { text: 'One two three four five six seven.' } }]
    const { dial, simulator } = await serveLive(stops, { ...slow, rules, telemetry: { metrics: true } }, { clock })
    const seconds = (await simulator.request('/++/live')).body!.getReader() as ReadableStreamDefaultReader<Uint8Array>
    const live = await dial(address)
    await live.ask({ type: 'response.create' }, 'response.created')
    await clock.advanceAsync(20_000)
    await live.until('response.done')
    const metrics = await (await simulator.request('/++/metrics')).text()
    const value = (name: string) => {
      const line = metrics.split('\n').find((one) => one.startsWith(name) && one.includes('deployment="gpt-realtime"'))
      return Number(line?.split(' ').at(-1))
    }
    const spokenSeconds = Math.ceil((34 / 15) * 1000) / 1000
    expect(value('aoai_api_simulator_audio_sent')).toBeCloseTo(spokenSeconds)
    expect(value('aoai_api_simulator_audio_gaps')).toBeGreaterThan(3)
    expect(value('aoai_api_simulator_audio_late_sum')).toBeGreaterThan(3_000)
    let sound: object | undefined
    while (!sound) {
      const { value: bytes } = await seconds.read()
      const lines = new TextDecoder().decode(bytes).split('\n')
      for (const line of lines.filter((one) => one.startsWith('data: ')))
        sound ??= (JSON.parse(line.slice(6)) as LiveSecond).rows.find((row) => row.sound)?.sound
    }
    expect(sound).toMatchObject({ answers: 1, gaps: value('aoai_api_simulator_audio_gaps') })
    await seconds.cancel()
  })
})
