import { AzureOpenAI } from 'openai'
import { describe, expect, it } from 'vitest'
import { type ConfigError, createSimulator } from '../../src/sim/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const down = { rules: [{ then: { error: 'serviceUnavailable' } }] }

function timed(input: Record<string, unknown>) {
  const clock = manualClock()
  const simulator = testSimulator({ seed: 1, ...input }, { clock })
  const { fetch } = simulator
  const ask = (endpoint = 'http://sim.test', apiKey = 'test-key') =>
    new AzureOpenAI({ endpoint, apiKey, apiVersion: '2024-10-21', fetch, maxRetries: 0 }).chat.completions
      .create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] })
      .withResponse()
      .then(
        ({ response }) => response.headers.get('x-ms-region'),
        (error: unknown) => (error as { status: number }).status,
      )
  const control = async (path: string, method = 'GET', body?: unknown, key = 'test-key') => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`http://sim.test${path}`, { method, headers: { 'api-key': key }, ...init })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { ...simulator, clock, ask, control }
}

const phases = [
  { name: 'normal', for: '60s' },
  { name: 'all is down', for: '2min', ...down },
  { name: 'elsewhere', for: '60s', region: 'Norway East' },
]

describe('a timeline', () => {
  it('begins with the first request, and goes from phase to phase by the clock', async () => {
    const { ask, clock, control } = timed({ timeline: { phases } })
    clock.advance(100_000)
    expect((await control('/++/timeline')).body).toMatchObject({ state: 'waiting', phase: null })
    expect(await ask()).toBe('East US 2')
    clock.advance(59_999)
    expect(await ask()).toBe('East US 2')
    expect((await control('/++/timeline')).body).toMatchObject({ state: 'running', phase: 'normal', remainingMs: 1 })
    clock.advance(1)
    expect(await ask()).toBe(503)
    clock.advance(120_000)
    expect(await ask()).toBe('Norway East')
    clock.advance(60_000)
    expect(await ask()).toBe('East US 2')
    expect((await control('/++/timeline')).body).toMatchObject({ state: 'over', phase: null })
  })

  it('begins with the process, or by hand; is stopped, skipped and begun again', async () => {
    const early = timed({ timeline: { start: 'start', phases } })
    early.clock.advance(60_000)
    expect(await early.ask()).toBe(503)

    const { ask, clock, control } = timed({ timeline: { start: 'manual', phases } })
    await ask()
    clock.advance(60_000)
    expect(await ask()).toBe('East US 2')
    expect((await control('/++/timeline/skip', 'POST')).status).toBe(409)
    expect((await control('/++/timeline/start', 'POST')).body).toMatchObject({ state: 'running', phase: 'normal' })
    expect((await control('/++/timeline/skip', 'POST')).body).toMatchObject({ phase: 'all is down', elapsedMs: 0 })
    expect(await ask()).toBe(503)
    expect((await control('/++/timeline/stop', 'POST')).body).toMatchObject({ state: 'stopped', phase: null })
    expect(await ask()).toBe('East US 2')
    expect((await control('/++/timeline/start', 'POST')).body).toMatchObject({ phase: 'normal' })
    expect((await control('/++/timeline/leap', 'POST')).status).toBe(404)
    expect((await control('/++/timeline', 'DELETE')).status).toBe(405)
    const none = timed({})
    expect((await none.control('/++/timeline')).body).toEqual({ state: 'none', phases: [] })
    expect((await none.control('/++/timeline/start', 'POST')).status).toBe(409)
  })

  it('repeats where that is asked for', async () => {
    const { ask, clock } = timed({ timeline: { start: 'start', repeat: true, phases } })
    const seen = []
    for (let n = 0; n < 5; n++) {
      seen.push(await ask())
      clock.advance(80_000)
    }
    expect(seen).toEqual(['East US 2', 503, 503, 'East US 2', 503])
  })

  it('moves values evenly over a phase, and may be skipped in the middle', async () => {
    const ramp = { name: 'recovering', for: '100s', latency: { chatCompletions: { interToken: '0ms -> 100ms' } } }
    const { clock, fetch, control } = timed({ timeline: { start: 'start', phases: [ramp] } })
    const took = async () => {
      const startMs = clock.now()
      const state = { isThere: false }
      const answer = fetch('http://sim.test/openai/v1/chat/completions', {
        method: 'POST',
        headers: { 'api-key': 'test-key' },
        body: JSON.stringify({ model: 'gpt-4o', max_tokens: 10, messages: [{ role: 'user', content: 'x' }] }),
      }).finally(() => (state.isThere = true))
      while (!state.isThere) await clock.advanceAsync(10)
      await answer
      return clock.now() - startMs
    }
    expect(await took()).toBeLessThanOrEqual(20)
    clock.advance(50_000 - clock.now())
    const half = await took()
    expect(half).toBeGreaterThanOrEqual(480)
    expect(half).toBeLessThanOrEqual(520)
    await control('/++/timeline/skip', 'POST')
    expect(await took()).toBeLessThanOrEqual(20)
  })

  it('of the top level names other resources, and each may have its own', async () => {
    const resources = {
      'contoso-eastus': { region: 'East US', apiKeys: ['east'] },
      'contoso-westus': {
        region: 'West US',
        apiKeys: ['west'],
        timeline: { phases: [{ name: 'moved', region: 'UK South' }] },
      },
    }
    const timeline = {
      start: 'start',
      phases: [
        { name: 'normal', for: '60s' },
        { name: 'east is down', for: '60s', region: 'France Central', resources: { 'contoso-eastus': down } },
      ],
    }
    const { ask, clock, control } = timed({ resources, timeline })
    const all = async () => [await ask(), await ask(undefined, 'east'), await ask(undefined, 'west')]
    expect(await all()).toEqual(['East US 2', 'East US', 'UK South'])
    clock.advance(60_000)
    expect(await all()).toEqual(['France Central', 503, 'UK South'])
    clock.advance(60_000)
    expect(await all()).toEqual(['East US 2', 'East US', 'UK South'])
    const west = await control('/resources/contoso-westus/++/timeline', 'GET', undefined, 'west')
    expect(west.body).toMatchObject({ state: 'running', phase: 'moved', remainingMs: null })
  })

  it('beats what is changed while it runs, which holds again afterwards', async () => {
    const { ask, clock, control } = timed({
      timeline: { start: 'start', phases: [{ name: 'a', for: '10s', region: 'UK South' }] },
    })
    expect(await ask()).toBe('UK South')
    await control('/++/settings', 'PATCH', { azure: { region: 'Japan East' } })
    expect(await ask()).toBe('UK South')
    clock.advance(10_000)
    expect(await ask()).toBe('Japan East')
  })

  it('has the phases that rules may name, and no others', async () => {
    const rules = (phase: unknown) => [{ when: { phase }, then: { error: 'serverError' } }]
    const timeline = (name: string, more: object = {}) => ({ phases: [{ name, ...more }] })
    const started = (input: Record<string, unknown>) => () => timed(input)
    expect(started({ rules: rules('nigth'), timeline: timeline('night') })).toThrow(
      /rules\.0\.when\.phase: found "nigth", which no phase of the timeline is; did you mean night\?/,
    )
    expect(started({ rules: rules('night') })).toThrow(/found "night", and there is no timeline/)
    expect(started({ rules: rules(['night', 'x']), timeline: timeline('night') })).toThrow(/found "x"/)
    expect(started({ rules: rules('phase 1'), timeline: { phases: [{}] } })).not.toThrow()
    expect(started({ timeline: timeline('night', { rules: rules('day') }) })).toThrow(/phases\.0\.rules.*"day"/)
    // Those of the process hold for every resource, those of a resource for it alone.
    const contoso = (phase: string) => ({ contoso: { rules: rules(phase), timeline: timeline('own') } })
    expect(started({ resources: contoso('night'), timeline: timeline('night') })).not.toThrow()
    expect(started({ resources: contoso('own') })).not.toThrow()
    expect(started({ resources: contoso('other'), timeline: timeline('night') })).toThrow(/contoso.*"other"/)
    expect(started({ rules: rules('own'), resources: contoso('own'), timeline: timeline('night') })).toThrow(/"own"/)

    const { control } = timed({ timeline: timeline('night'), resources: { contoso: { apiKeys: ['c'] } } })
    const [right, wrong] = [rules('night'), rules('knight')]
    expect((await control('/++/rules', 'POST', right)).status).toBe(201)
    expect((await control('/++/rules', 'POST', wrong)).status).toBe(400)
    expect((await control('/++/rules?resource=contoso', 'POST', right)).status).toBe(201)
    expect((await control('/++/rules?resource=contoso', 'POST', wrong)).status).toBe(400)
    expect((await control('/++/settings', 'PATCH', { rules: wrong })).status).toBe(400)
    expect((await control('/++/sessions', 'POST', { rules: right })).status).toBe(201)
    expect((await control('/++/sessions', 'POST', { rules: wrong })).status).toBe(400)
    const own = { rules: [...rules('own'), ...right], timeline: timeline('own') }
    expect((await control('/++/sessions', 'POST', own)).status).toBe(201)
    const expectations = (phase: string) => ({ expectations: [{ when: { phase }, count: 0 }] })
    expect((await control('/++/requests/expect', 'POST', expectations('night'))).status).toBe(200)
    const refused = await control('/++/requests/expect', 'POST', expectations('nigt'))
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).toContain('did you mean night?')
  })

  it('tells every mistake', () => {
    const timeline = {
      begin: 'now',
      start: 'later',
      phases: [
        { name: 'a' },
        {
          for: '10s',
          latency_: {},
          latency: { factor: '3 -> x' },
          resources: { x: { rules: [{ then: { error: 'oops' } }] } },
        },
        { for: '10 s', auth: { network: 'deny' } },
      ],
    }
    let problems: readonly string[] = []
    try {
      createSimulator({ sources: [{ name: 'sim.yaml', input: { apiKey: 'k', timeline } }] })
    } catch (error) {
      problems = (error as ConfigError).problems.map(({ setting }) => setting)
    }
    expect(problems.toSorted()).toEqual(
      [
        'sim.yaml: timeline.begin',
        'sim.yaml: timeline.start',
        'sim.yaml: timeline.phases.0.for',
        'sim.yaml: timeline.phases.1.latency_',
        'sim.yaml: timeline.phases.1.latency.factor',
        'sim.yaml: timeline.phases.1.resources.x',
        'sim.yaml: timeline.phases.1.resources.x.rules.0.then.error',
        'sim.yaml: timeline.phases.2.auth',
      ].toSorted(),
    )
  })
})
