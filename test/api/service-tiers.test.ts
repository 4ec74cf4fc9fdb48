/** Tiers of processing: priority, flex, and what a model did in a month. Microsoft's pages on each, 2026. */
import { describe, expect, it } from 'vitest'
import { timedSimulator } from '../support/arrivals.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user', content: 'Hi' }]
const chatPath = '/openai/v1/chat/completions'

type Answer = {
  readonly service_tier?: string
  readonly error?: { readonly code: string; readonly param: string; readonly message: string }
}

function setUp(deployments: object, more: object = {}) {
  const clock = manualClock(Date.UTC(2026, 10, 29))
  const simulator = testSimulator({ deployments, ...more }, { clock })
  const ask = async (model: string, body: object = {}) => {
    const answer = await simulator.post(chatPath, { model, messages, max_completion_tokens: 5, ...body })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer }
  }
  const tier = async (model: string, body: object = {}) => {
    const { status, body: answer } = await ask(model, body)
    return status === 200 ? answer.service_tier : status
  }
  return { clock, simulator, ask, tier }
}

describe('priority', () => {
  const one = (more: object) => ({ one: { model: 'gpt-5.2', ...more } })

  it.each([
    [{ sku: 'GlobalStandard', capacity: 100 }, ['default', 'default', 'default', 'priority']],
    [{ sku: 'DataZoneStandard', capacity: 100, serviceTier: 'Default' }, ['default', 'default', 'default', 'priority']],
    [
      { sku: 'GlobalStandard', capacity: 100, serviceTier: 'Priority' },
      ['priority', 'priority', 'default', 'priority'],
    ],
    [{ serviceTier: 'Priority' }, ['priority', 'priority', 'default', 'priority']],
    // Its own throughput serves it.
    [{ sku: 'GlobalProvisionedManaged', capacity: 50 }, ['default', 'default', 'default', 'default']],
    // Neither a region's standard type nor the developers' has it.
    [{ sku: 'Standard', capacity: 100 }, ['default', 'default', 'default', 400]],
  ])('is told of %o as it served none, auto, default and priority', async (given, tiers) => {
    const { tier } = setUp(one(given))
    const served = []
    for (const asked of [undefined, 'auto', 'default', 'priority'])
      served.push(await tier('one', { service_tier: asked }))
    expect(served).toEqual(tiers)
  })

  it('is told by streams and responses, too', async () => {
    const { simulator } = setUp(one({ sku: 'GlobalStandard', capacity: 100, serviceTier: 'Priority' }))
    const stream = await (await simulator.post(chatPath, { model: 'one', messages, stream: true })).text()
    expect(stream).toContain('"service_tier":"priority"')
    expect(stream).not.toContain('"service_tier":"default"')
    const respond = async (body: object) =>
      ((await (await simulator.post('/openai/v1/responses', { model: 'one', input: 'Hi', ...body })).json()) as Answer)
        .service_tier
    expect(await respond({})).toBe('priority')
    expect(await respond({ service_tier: 'default' })).toBe('default')
    const events = await (
      await simulator.post('/openai/v1/responses', { model: 'one', input: 'Hi', stream: true })
    ).text()
    expect(/response\.completed.*"service_tier":"(\w+)"/.exec(events)?.[1]).toBe('priority')
  })

  it('does not serve prompts of more than 128,000 tokens of some models', async () => {
    const { tier } = setUp(
      { old: { model: 'gpt-4.1', serviceTier: 'Priority' }, new: { model: 'gpt-5.2', serviceTier: 'Priority' } },
      { serviceTiers: { rampLimit: 'off' } },
    )
    const long = { messages: [{ role: 'user', content: 'a b '.repeat(70_000) }] }
    expect(await tier('old', long)).toBe('default')
    expect(await tier('old')).toBe('priority')
    expect(await tier('new', long)).toBe('priority')
  })

  it.each([
    [{ model: 'gpt-5.2', sku: 'Standard', capacity: 5, serviceTier: 'Priority' }, 'found Priority for Standard'],
    [
      { model: 'gpt-5.2', sku: 'GlobalProvisionedManaged', capacity: 15, serviceTier: 'Priority' },
      'found Priority for GlobalProvisionedManaged',
    ],
    [{ model: 'gpt-4o', sku: 'GlobalStandard', capacity: 5, serviceTier: 'Priority' }, 'found Priority, which gpt-4o'],
    [{ model: 'gpt-5.2', serviceTier: 'Flex' }, 'Default, Priority'],
  ])('is refused at the start as %o', (given, problem) => {
    expect(() => testSimulator({ deployments: { one: given } })).toThrow(problem)
  })

  it('is served as default where it grows by more than half within 15 minutes', async () => {
    const ramp = { serviceTiers: { rampFrom: 70 } }
    // A call has 7 prompt tokens: ten a minute are within what may come at any time.
    const { tier, clock } = setUp(one({ serviceTier: 'Priority' }), ramp)
    const minute = async (calls: number) => {
      const tiers = []
      for (let call = 0; call < calls; call++) tiers.push(await tier('one'))
      clock.advance(60_000)
      return tiers.filter((each) => each === 'priority').length
    }
    expect(await minute(12)).toBe(10)
    for (let at = 0; at < 20; at++) await minute(10)
    // 70 tokens a minute for 15 minutes: 105 may come.
    expect(await minute(20)).toBe(15)
    clock.advance(60 * 60_000)
    expect(await minute(12)).toBe(10)
  })

  it('has no ramp limit where that is off', async () => {
    const { tier } = setUp(one({ serviceTier: 'Priority' }), { serviceTiers: { rampFrom: 8, rampLimit: 'off' } })
    expect([await tier('one'), await tier('one'), await tier('one')]).toEqual(['priority', 'priority', 'priority'])
  })

  it('is as steady as provisioned throughput where it serves, and not where it does not', async () => {
    const firsts = async (serviceTiers: object) => {
      const { send, answered } = timedSimulator({
        latency: 'measured-2026',
        deployments: { one: { model: 'gpt-5.2', serviceTier: 'Priority' } },
        serviceTiers,
      })
      const request = { model: 'one', messages, max_completion_tokens: 1, reasoning_effort: 'none' }
      const answers = await answered(Promise.all(Array.from({ length: 1_000 }, () => send(chatPath, request))))
      return answers.map(({ endedAtMs }) => endedAtMs).sort((a, b) => a - b)
    }
    const [steady, usual] = [await firsts({ rampLimit: 'off' }), await firsts({ rampFrom: 0 })]
    // Nine in ten within about 605 ms, and no tail.
    expect(steady[900]).toBeLessThan(700)
    expect(steady[999]).toBeLessThan(1_200)
    expect(usual[999]).toBeGreaterThan(1_500)
  })

  it('serves what spills over to a deployment that has it', async () => {
    const { simulator } = setUp({
      ptu: { model: 'gpt-5.2', sku: 'GlobalProvisionedManaged', capacity: 15, spilloverDeploymentName: 'std' },
      std: { model: 'gpt-5.2', sku: 'GlobalStandard', capacity: 1_000, serviceTier: 'Priority' },
    })
    const ask = () => simulator.post(chatPath, { model: 'ptu', messages, max_completion_tokens: 4_000 })
    const answers = []
    for (let call = 0; call < 3; call++) {
      const answer = await ask()
      answers.push([answer.headers.get('x-ms-deployment-name'), ((await answer.json()) as Answer).service_tier])
    }
    expect(answers).toEqual([
      ['ptu', 'default'],
      ['std', 'priority'],
      ['std', 'priority'],
    ])
  })
})

describe('flex', () => {
  it('is of one model, as global standard', async () => {
    const { tier, ask } = setUp({
      global: { model: 'gpt-5.6-sol', sku: 'GlobalStandard', capacity: 10 },
      zone: { model: 'gpt-5.6-sol', sku: 'DataZoneStandard', capacity: 10 },
      ptu: { model: 'gpt-5.6-sol', sku: 'GlobalProvisionedManaged', capacity: 15 },
      unsaid: { model: 'gpt-5.6-sol' },
      other: { model: 'gpt-5.2', sku: 'GlobalStandard', capacity: 10 },
    })
    const asked = { service_tier: 'flex' }
    expect(await tier('global', asked)).toBe('flex')
    expect(await tier('unsaid', asked)).toBe('flex')
    for (const name of ['zone', 'ptu', 'other']) {
      const { status, body } = await ask(name, asked)
      expect([status, body.error?.param, body.error?.code]).toEqual([400, 'service_tier', 'unsupported_value'])
    }
  })

  it('is refused with 429 where there is no capacity', async () => {
    const flex = { one: { model: 'gpt-5.6-sol', sku: 'GlobalStandard', capacity: 1_000 } }
    const { ask, tier } = setUp(flex, { serviceTiers: { flexUnavailable: 1 } })
    const { status, body } = await ask('one', { service_tier: 'flex' })
    expect([status, body.error?.code]).toEqual([429, 'resource_unavailable'])
    expect(await tier('one')).toBe('default')
    const some = setUp(flex, { serviceTiers: { flexUnavailable: 0.5 } })
    const statuses = []
    for (let call = 0; call < 60; call++) statuses.push((await some.ask('one', { service_tier: 'flex' })).status)
    const refused = statuses.filter((each) => each === 429).length
    expect(refused).toBeGreaterThan(15)
    expect(refused).toBeLessThan(45)
    const rules = [{ when: { body: { service_tier: 'flex' } }, then: { error: 'resourceUnavailable' } }]
    expect((await setUp(flex, { rules }).ask('one', { service_tier: 'flex' })).body.error?.code).toBe(
      'resource_unavailable',
    )
  })

  it('takes longer, and is given up after its own time', async () => {
    const given = {
      deployments: { one: { model: 'gpt-5.6-sol', latency: { timeToFirstToken: '100ms', interToken: '10ms' } } },
      serviceTiers: { flexFactor: 3 },
    }
    const request = { model: 'one', messages, max_completion_tokens: 5, reasoning_effort: 'none' }
    expect((await timedSimulator(given).ask(chatPath, request)).endedAtMs).toBe(140)
    const flex = { ...request, service_tier: 'flex' }
    expect((await timedSimulator(given).ask(chatPath, flex)).endedAtMs).toBe(420)
    const slow = await timedSimulator({ ...given, azure: { flexTimeout: '300ms' } }).ask(chatPath, flex)
    expect([slow.status, slow.endedAtMs]).toEqual([408, 300])
  })
})

describe('usage tiers', () => {
  it('make answers slower where a model had more tokens in a month, until the next', async () => {
    const clock = manualClock(Date.UTC(2026, 10, 30, 23, 59, 50))
    const latency = { timeToFirstToken: '100ms', interToken: '10ms' }
    const { ask } = timedSimulator(
      {
        deployments: {
          a: { model: 'gpt-4o', latency },
          b: { model: 'gpt-4o', latency },
          c: { model: 'gpt-4.1', latency },
        },
        serviceTiers: { monthlyTokens: { 'gpt-4o': 26 } },
      },
      {},
      clock,
    )
    const took = async (model: string) => (await ask(chatPath, { model, messages, max_tokens: 5 })).endedAtMs
    // 8 + 5 tokens a call.
    expect([await took('a'), await took('b')]).toEqual([140, 140])
    expect([await took('b'), await took('c')]).toEqual([280, 140])
    clock.advance(10_000)
    expect(await took('a')).toBe(140)
  })
})

describe('a quota that is used up', () => {
  it('is said by a rule with 429', async () => {
    const rules = [{ then: { error: 'insufficientQuota' } }]
    const { ask } = setUp({ one: { model: 'gpt-4o', sku: 'GlobalStandard', capacity: 5 } }, { rules })
    const { status, body } = await ask('one')
    expect([status, body.error?.code]).toEqual([429, 'InsufficientQuota'])
    expect(body.error?.message).toContain('quota limit is 5 for quota OpenAI.GlobalStandard.gpt-4o')
  })
})

describe('limits that are lowered for a time', () => {
  it('are told by the headers, and come back', async () => {
    const { simulator, clock } = setUp(
      { one: { model: 'gpt-4o', sku: 'GlobalStandard', capacity: 100 } },
      {
        timeline: {
          phases: [
            { name: 'usual', for: '1min' },
            { name: 'lowered', for: '1min', deployments: { one: { tokensPerMinute: 20_000 } } },
            { name: 'again', for: '1min' },
          ],
        },
      },
    )
    const limit = async () => {
      const answer = await simulator.post(chatPath, { model: 'one', messages, max_tokens: 1 })
      return answer.headers.get('x-ratelimit-limit-tokens')
    }
    const told = [await limit()]
    for (let at = 0; at < 2; at++) {
      clock.advance(60_000)
      told.push(await limit())
    }
    expect(told).toEqual(['100000', '20000', '100000'])
  })

  it('are said by a rule in the words of high demand', async () => {
    const rules = [{ when: { deployment: 'one' }, then: { error: 'systemBusy', retryAfter: '7s' } }]
    const { ask } = setUp({ one: { model: 'gpt-4o' } }, { rules })
    const { status, headers, body } = await ask('one')
    expect([status, body.error?.code, headers.get('retry-after')]).toEqual([429, 'no_capacity', '7'])
    expect(body.error?.message).toMatch(/experiencing high demand .* retry after 7 seconds/)
  })
})
