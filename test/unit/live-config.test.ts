import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/sim/config/config.ts'
import { ConfigError } from '../../src/sim/config/problem.ts'
import { findModel, modelNames } from '../../src/sim/models/catalogue.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { liveConfig } from '../../src/sim/wiring/live.ts'
import type { StateStore } from '../../src/sim/state/store.ts'
import { manualClock } from '../support/manual-clock.ts'
import { memoryState } from '../support/memory-state.ts'

const refreshMs = 3_000
const anything: (config: Config) => void = () => undefined
const start = [
  { name: 'file', isFile: true, input: { apiKey: 'k', seed: 1, generate: { medianTokens: 10 } } },
  { name: 'environment', input: { generate: { sigma: 0.5 } } },
]

/** An instance at work, on a clock of its own. */
function instance(store?: StateStore, { clock = manualClock(1_000_000), check = anything } = {}) {
  const lines: string[] = []
  const note = (message: string) => void lines.push(message)
  let config: Config | undefined
  const live = liveConfig({
    sources: start,
    models: { findModel, modelNames },
    check,
    ahead: () => undefined,
    install: (next) => (config = next.config),
    store,
    refreshMs,
    clock,
    random: seededRandom(1),
    log: { debug: note, info: note, warn: note, error: note },
  })
  /** As a request does: waits where it is told to. */
  const request = async () => {
    const waiting = live.fresh()
    await clock.advanceAsync(0)
    return waiting
  }
  return { live, clock, lines, request, config: () => config, seed: () => config?.seed }
}

describe('configuration that is not shared', () => {
  it('is changed at once, each change with the next number, and goes back to the start', async () => {
    const { live, seed } = instance()
    expect(live.version()).toBe('0')
    expect(live.fresh()).toBeUndefined()
    await live.patch({ seed: 2 })
    await live.patch({ generate: { sigma: 0.1 } })
    expect([live.version(), seed()]).toEqual(['2', 2])
    await live.reset()
    expect([live.version(), seed()]).toEqual(['3', 1])
  })

  it('refuses a change that is based on another version, and names both', async () => {
    const { live, seed } = instance()
    await live.patch({ seed: 2 }, '0')
    const refusal = await live.patch({ seed: 3 }, '0').catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      status: 409,
      code: 'ConfigurationConflict',
      inner: { based_on: '0', current: '1' },
    })
    expect(seed()).toBe(2)
  })
})

describe('configuration that is shared', () => {
  it('is there before the first request is answered', async () => {
    const { state, store } = memoryState()
    state.put('runtime.json', '{"number":4,"changes":{"seed":44}}')
    const { request, live, seed } = instance(store)
    await request()
    expect([live.version(), seed()]).toEqual(['4', 44])
  })

  it('is changed by one for all: each sees it within seconds while it has requests', async () => {
    const { store } = memoryState()
    const clock = manualClock(1_000_000)
    const [one, two] = [instance(store, { clock }), instance(store, { clock })]
    await one.request()
    await two.request()
    await one.live.patch({ seed: 7 })
    expect(one.seed()).toBe(7)
    expect(two.seed()).toBeUndefined()
    let afterMs = 0
    for (; two.seed() !== 7 && afterMs < 60_000; afterMs += 100) {
      await clock.advanceAsync(100)
      await two.request()
    }
    expect(afterMs).toBeLessThanOrEqual(4_000)
    expect(two.live.version()).toBe('1')
  })

  it('is looked at under traffic alone, and not by every request', async () => {
    const { state, store } = memoryState()
    const { request, clock } = instance(store)
    await clock.advanceAsync(60_000)
    expect(state.reads).toBe(0)
    await request()
    const { reads } = state
    for (let count = 0; count < 1_000; count++) await request()
    expect(state.reads).toBe(reads)
    for (let seconds = 0; seconds < 60; seconds++) {
      await clock.advanceAsync(1_000)
      await request()
    }
    // Two documents, every 3 s give or take a quarter.
    expect((state.reads - reads) / 2).toBeGreaterThanOrEqual(13)
    expect((state.reads - reads) / 2).toBeLessThanOrEqual(27)
  })

  it('is looked at first by a request that comes after a pause', async () => {
    const { state, store } = memoryState()
    const { request, clock, seed } = instance(store)
    await request()
    state.put('runtime.json', '{"number":1,"changes":{"seed":5}}')
    await clock.advanceAsync(3_600_000)
    await request()
    expect(seed()).toBe(5)
  })

  it('holds up no request for longer than a moment, and none at all once it is known to be away', async () => {
    const { state, store } = memoryState()
    const { live, clock, request, lines } = instance(store)
    let release = (): void => undefined
    state.held = new Promise((resolve) => (release = resolve))
    let isAnswered = false
    void live.fresh()?.then(() => (isAnswered = true))
    await clock.advanceAsync(4_999)
    expect(isAnswered).toBe(false)
    await clock.advanceAsync(1)
    expect(isAnswered).toBe(true)
    // The one after it has waited as long by then.
    const second = live.fresh()
    await clock.advanceAsync(0)
    await second
    state.isAway = true
    release()
    await clock.advanceAsync(0)
    expect(lines).toEqual([expect.stringMatching(/away\. Version 0 stays in force until that is over\.$/)])
    await clock.advanceAsync(60_000)
    expect(live.fresh()).toBeUndefined()
    await clock.advanceAsync(60_000)
    await request()
    expect(lines).toHaveLength(1)
    state.isAway = false
    await clock.advanceAsync(60_000)
    await request()
    expect(lines.at(-1)).toBe('The configuration in memory can be read again.')
    expect(clock.waiting).toBe(0)
  })

  it('is changed on top of what others have changed just before, so that nothing is lost', async () => {
    const { store } = memoryState()
    const [one, two] = [instance(store), instance(store)]
    await one.live.patch({ seed: 2 })
    await two.live.patch({ generate: { median_tokens: 3 } })
    expect(two.config()).toMatchObject({ seed: 2, generate: { medianTokens: 3 } })
    expect(two.live.version()).toBe('2')
    await one.live.reset()
    await two.request()
    await two.clock.advanceAsync(10_000)
    await two.request()
    expect(two.config()).toMatchObject({ seed: 1, generate: { medianTokens: 10 } })
    expect(two.live.version()).toBe('3')
  })

  it('refuses the loser of a race, names both versions, and lets it try again', async () => {
    const { state, store } = memoryState()
    const { live, seed } = instance(store)
    await live.patch({ seed: 2 })
    state.beforeReplace = () => {
      state.put('runtime.json', '{"number":2,"changes":{"seed":99}}')
      state.beforeReplace = undefined
    }
    const refusal = await live.patch({ seed: 3 }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ status: 409 })
    expect((refusal as Error).message).toMatch(/based on version 1, and by now there is version 2/)
    expect(seed()).toBe(99)
    await live.patch({ seed: 3 })
    expect([live.version(), seed()]).toEqual(['3', 3])
  })

  it('cannot be changed while it is away: the client is told, and nothing is changed here', async () => {
    const { state, store } = memoryState()
    const { live, seed } = instance(store)
    state.isAway = true
    await expect(live.patch({ seed: 3 })).rejects.toMatchObject({ status: 503 })
    expect([live.version(), seed()]).toEqual(['0', undefined])
  })

  it('is changed by several at once in this instance, one after the other', async () => {
    const { store } = memoryState()
    const { live } = instance(store)
    await Promise.all(Array.from({ length: 10 }, (_, at) => live.patch({ seed: at })))
    expect(live.version()).toBe('10')
  })
})

describe('a sim.yaml that is shared', () => {
  it('beats the file of the start, and is beaten by the environment and by changes at run time', async () => {
    const { state, store } = memoryState()
    state.put('sim.yaml', 'seed: 5\ngenerate: { medianTokens: 50, sigma: 5 }\n')
    const { request, live, config } = instance(store)
    await request()
    expect(config()).toMatchObject({ seed: 5, generate: { medianTokens: 50, sigma: 0.5 } })
    expect(live.version()).toBe(`0.${state.hash('sim.yaml')}`)
    await live.patch({ seed: 6 })
    expect(config()).toMatchObject({ seed: 6, generate: { medianTokens: 50 } })
    expect(live.version()).toBe(`1.${state.hash('sim.yaml')}`)
  })

  it('is replaced and taken away while the instance runs, and changes at run time stay', async () => {
    const { state, store } = memoryState()
    const { request, live, clock, config } = instance(store)
    await live.patch({ seed: 6 })
    state.put('sim.yaml', 'generate: { medianTokens: 50 }')
    await clock.advanceAsync(10_000)
    await request()
    expect(config()).toMatchObject({ seed: 6, generate: { medianTokens: 50 } })
    state.remove('sim.yaml')
    await clock.advanceAsync(10_000)
    await request()
    expect(config()).toMatchObject({ seed: 6, generate: { medianTokens: 10 } })
    expect(live.version()).toBe('1')
  })
})

describe('a bad document', () => {
  it.each([
    ['sim.yaml', 'seed: [', /^sim\.yaml in memory, line \d+: not valid YAML/],
    ['sim.yaml', 'seeed: 4', /sim\.yaml in memory: seeed: is not a setting; did you mean seed\?/],
    ['sim.yaml', 'seed: 4\nrecording: { dir: x }', /sim\.yaml in memory: recording: is read at the start only/],
    ['sim.yaml', 'apiKey: another', /sim\.yaml in memory: apiKey: is read at the start only/],
    ['sim.yaml', 'telemetry: { serviceName: x }', /memory: telemetry\.serviceName: is read at the start only/],
    ['sim.yaml', 'deployments: { a: { model: gpt-99 } }', /not in the model catalogue/],
    ['runtime.json', 'nonsense', /runtime\.json in memory: found no JSON/],
    ['runtime.json', '{"number":0}', /runtime\.json in memory: found another document/],
    ['runtime.json', '{"number":9,"changes":{"seed":"x"}}', /seed: found "x"/],
    ['runtime.json', '{"number":9,"changes":{"apiKey":"x"}}', /runtime\.json in memory: apiKey: is read at the start/],
    ['runtime.json', '{"number":9,"changes":{"auth":{"network":"deny"}}}', /memory: auth: is read at the start only/],
  ] as const)('%s of %j is refused, told once, and the one before stays', async (name, content, told) => {
    const { state, store } = memoryState()
    const { request, live, clock, lines, seed } = instance(store)
    await live.patch({ seed: 2 })
    const before = live.version()
    state.put(name, content)
    for (let look = 0; look < 5; look++) {
      await clock.advanceAsync(10_000)
      await request()
    }
    expect([live.version(), seed()]).toEqual([before, 2])
    expect(lines.join('\n').match(/is refused/g)).toHaveLength(1)
    expect(lines.at(-1)).toMatch(/What is shared in memory is refused, and version 1 stays in force:/)
    expect(lines.at(-1)!.split('\n').slice(1).join('\n')).toMatch(told)
    expect(live.refused()).toHaveLength(1)
  })

  it('of changes does not keep a good file from being taken, nor the other way round', async () => {
    const { state, store } = memoryState()
    const { request, live, clock, config } = instance(store)
    state.put('runtime.json', 'nonsense')
    state.put('sim.yaml', 'seed: 8')
    await request()
    expect(config()?.seed).toBe(8)
    expect(live.refused()).toHaveLength(1)
    // A change takes the place of what nobody can read.
    await live.patch({ seed: 9 })
    expect(live.refused()).toEqual([])
    state.put('sim.yaml', '{')
    await clock.advanceAsync(10_000)
    await live.patch({ generate: { median_tokens: 77 } })
    expect(config()).toMatchObject({ seed: 9, generate: { medianTokens: 77 } })
    expect(live.refused()).toHaveLength(1)
  })

  it('that no setting by itself is wrong about is refused as well', async () => {
    const { state, store } = memoryState()
    const check = ({ mode }: Config) => {
      if (mode === 'record') throw new ConfigError([{ path: [], setting: 'AZURE_OPENAI_ENDPOINT', message: 'missing' }])
    }
    const { request, config, live } = instance(store, { check })
    state.put('sim.yaml', 'mode: record')
    await request()
    expect(config()).toBeUndefined()
    expect(live.refused()).toMatchObject([{ setting: 'AZURE_OPENAI_ENDPOINT' }])
    await expect(live.patch({ simulator_mode: 'record' })).rejects.toThrow('AZURE_OPENAI_ENDPOINT')
  })
})

describe('waiting for a version', () => {
  it('ends when this instance has it, or one after it, without a request of its own', async () => {
    const { state, store } = memoryState()
    const { live, clock } = instance(store)
    let isThere: boolean | undefined
    void live.waitFor('2', 30_000).then((there) => (isThere = there))
    await clock.advanceAsync(5_000)
    expect(isThere).toBeUndefined()
    state.put('runtime.json', '{"number":3,"changes":{}}')
    await clock.advanceAsync(1_000)
    expect(isThere).toBe(true)
    state.put('sim.yaml', 'seed: 1')
    const forFile = live.waitFor(`.${state.hash('sim.yaml')}`, 1_000)
    await clock.advanceAsync(1_000)
    expect(await forFile).toBe(true)
  })

  it('ends when its time is up, or its client has gone', async () => {
    const { store } = memoryState()
    const { live, clock } = instance(store)
    const late = live.waitFor('9', 2_000)
    await clock.advanceAsync(2_000)
    expect(await late).toBe(false)
    const client = new AbortController()
    const left = live.waitFor('9', 60_000, client.signal)
    await clock.advanceAsync(100)
    client.abort()
    expect(await left).toBe(false)
    expect(clock.waiting).toBe(0)
  })
})
