/** What a provisioned deployment cannot take, a standard one answers. */
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user', content: 'Hi' }]
const ptu = { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity: 15 }
const standard = { model: 'gpt-4o-mini', sku: 'GlobalStandard', capacity: 10 }

function setUp(deployments: object, more: object = {}) {
  const simulator = testSimulator({ deployments, ...more }, { clock: manualClock(1_800_000_000_000) })
  const ask = (body: object = {}, headers: Record<string, string> = {}) =>
    simulator.post(
      '/openai/deployments/ptu/chat/completions?api-version=2024-10-21',
      { messages, max_tokens: 2_000, ...body },
      headers,
    )
  const told = ({ status, headers }: Response) => [
    status,
    ...['deployment-name', 'is-spilled-over', 'spillover-from-deployment', 'spillover-error'].map((name) =>
      headers.get(`x-ms-${name}`),
    ),
  ]
  return { simulator, ask, told }
}

describe('spillover', () => {
  it('meets the rules for the deployment that it goes to, and fails with them', async () => {
    const rules = [
      { name: 'full', when: { deployment: 'ptu' }, then: { error: 'serviceUnavailable' } },
      { name: 'also', when: { deployment: 'std' }, then: { error: 'rateLimit' } },
    ]
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard }, { rules })
    for (const stream of [false, true]) {
      const answer = await ask({ stream })
      expect(told(answer)).toEqual([429, 'std', 'true', 'ptu', '503'])
      expect(answer.headers.get('x-sim-rule')).toBe('also')
    }
  })

  it('tells of the rule that made it spill, whose error stays behind', async () => {
    const rules = [{ name: 'first', when: { call: 1 }, then: { error: 'serviceUnavailable' } }]
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard }, { rules })
    const answer = await ask()
    expect(told(answer)).toEqual([200, 'std', 'true', 'ptu', '503'])
    expect(answer.headers.get('x-sim-rule')).toBe('first')
    expect(told(await ask({ max_tokens: 1 }))).toEqual([200, 'ptu', 'false', null, null])
  })

  it('keeps what a rule says, and what the request asks for, where the provisioned one is full', async () => {
    const rules = [{ name: 'canned', when: { prompt: 'Hi' }, then: { text: 'Of the rule.' } }]
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard }, { rules })
    const full = async (headers: Record<string, string> = {}) => {
      let answer = await ask({}, headers)
      while (answer.headers.get('x-ms-is-spilled-over') === 'false') answer = await ask({}, headers)
      const { choices } = (await answer.json()) as { choices: { message: { content: string } }[] }
      return [...told(answer).slice(0, 2), answer.headers.get('x-sim-rule'), choices[0]?.message.content]
    }
    expect(await full()).toEqual([200, 'std', 'canned', 'Of the rule.'])
    expect(await full({ 'x-sim-text': 'Mine.' })).toEqual([200, 'std', 'canned', 'Mine.'])
  })

  it('goes to the deployment that is set, with its limits, its model and all headers', async () => {
    const { ask, told, simulator } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard })
    // 15 PTU of gpt-4o: 3,125 input tokens at once, and 8,008 are taken.
    expect(told(await ask())).toEqual([200, 'ptu', 'false', null, null])
    await ask()
    const before = await ask({ max_tokens: 1 })
    expect(told(before)).toEqual([200, 'std', 'true', 'ptu', '429'])
    expect(before.headers.get('x-ratelimit-limit-tokens')).toBe('10000')
    expect(before.headers.get('azure-openai-deployment-utilization')).toBeNull()
    expect(await before.json()).toMatchObject({ model: 'gpt-4o-mini-2024-07-18' })
    const journal = (await (await simulator.request('/++/requests')).json()) as { requests: object[] }
    expect(journal.requests[0]).toMatchObject({ deployment: 'std', spilledFrom: 'ptu', status: 200 })
  })

  it('streams, too', async () => {
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard })
    await Promise.all([ask(), ask()])
    const answer = await ask({ stream: true, max_tokens: 3 })
    expect(told(answer)).toEqual([200, 'std', 'true', 'ptu', '429'])
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/)
  })

  it('goes to the deployment that a header names, where none is set', async () => {
    const { ask, told } = setUp({ ptu, std: standard })
    const header = { 'x-ms-spillover-deployment': 'std' }
    expect(told(await ask({}, header))).toEqual([200, 'ptu', 'false', null, null])
    await ask()
    expect((await ask()).status).toBe(429)
    expect(told(await ask({}, header))).toEqual([200, 'std', 'true', 'ptu', '429'])
  })

  it('gives the standard deployment’s status and words where both fail', async () => {
    const std = { model: 'gpt-4o-mini', requestsPerMinute: 0 }
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std })
    await Promise.all([ask(), ask()])
    const answer = await ask()
    expect(told(answer)).toEqual([429, 'std', 'true', 'ptu', '429'])
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('requests to std') as string },
    })
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('0')
  })

  it('takes prompts that are too long for a provisioned deployment', async () => {
    const deployments = {
      ptu: { model: 'gpt-4.1', sku: 'GlobalProvisionedManaged', capacity: 15, spilloverDeploymentName: 'std' },
      std: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 1_000 },
    }
    const { ask, told } = setUp(deployments)
    const answer = await ask({ messages: [{ role: 'user', content: 'word '.repeat(130_000) }], max_tokens: 1 })
    expect(told(answer)).toEqual([200, 'std', 'true', 'ptu', '400'])
    // Nothing of it was counted there.
    expect((await ask({ max_tokens: 1 })).headers.get('azure-openai-deployment-utilization')).toBe('0%')
  })

  it.each([
    ['overloaded', 503],
    [{ status: 500, code: 'x', message: 'y' }, 500],
  ])('takes what a rule makes fail: %o', async (error, status) => {
    const rules = [
      {
        when: { deployment: 'ptu' },
        then: { error: typeof error === 'string' ? { status: 503, code: 'x', message: 'y' } : error },
      },
    ]
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard }, { rules })
    expect(told(await ask())).toEqual([200, 'std', 'true', 'ptu', String(status)])
  })

  it.each([
    ['rateLimit', 429],
    ['tokenLimit', 429],
    ['systemBusy', 429],
    ['contextLength', 400],
    ['serverError', 500],
    ['internalError', 500],
    ['serviceUnavailable', 503],
  ])('takes what a rule refuses with %s, whole, streamed and as a response', async (error, status) => {
    const rules = [{ when: { deployment: 'ptu' }, then: { error } }]
    const { ask, told, simulator } = setUp(
      { ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: { ...standard, capacity: 1_000 } },
      { rules },
    )
    const spilled = [200, 'std', 'true', 'ptu', String(status)]
    expect(told(await ask())).toEqual(spilled)
    expect(told(await ask({ stream: true }))).toEqual(spilled)
    const response = await simulator.post('/openai/v1/responses', { model: 'ptu', input: 'Hi' })
    expect(told(response)).toEqual(spilled)
    expect(response.headers.get('retry-after')).toBeNull()
  })

  it.each([
    ['contentFilter', 400],
    ['invalidRequest', 400],
    ['invalidKey', 401],
    ['timeout', 408],
    ['badGateway', 502],
    ['gatewayTimeout', 504],
  ])('leaves what a rule refuses with %s', async (error, status) => {
    const rules = [{ when: { deployment: 'ptu' }, then: { error } }]
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard }, { rules })
    const [code, , spilled, from, reason] = told(await ask())
    expect([code, from, reason]).toEqual([status, null, null])
    expect(spilled).not.toBe('true')
  })

  it('goes nowhere where the header names nothing that could take it', async () => {
    const other = { ...standard, sku: 'DataZoneStandard' }
    const { ask, told } = setUp(
      { ptu, other: ptu, zone: other, sound: { model: 'whisper' }, std: standard },
      { allowUndefinedDeployments: false },
    )
    await Promise.all([ask(), ask()])
    for (const name of ['ptu', 'other', 'zone', 'sound', 'missing', '', 'x'.repeat(80), 'a b'])
      expect(told(await ask({}, { 'x-ms-spillover-deployment': name })).filter((each) => each === 'true')).toEqual([])
    // The deployment's own word beats the request's.
    const set = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard, more: standard })
    await Promise.all([set.ask(), set.ask()])
    expect(set.told(await set.ask({}, { 'x-ms-spillover-deployment': 'more' }))[1]).toBe('std')
  })

  it('takes nothing that is the client’s own mistake', async () => {
    const { ask, told } = setUp({ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: standard })
    expect(told(await ask({ temperature: 9 })).slice(0, 4)).toEqual([400, null, null, null])
  })

  it.each([
    [{ ptu: { ...ptu, spilloverDeploymentName: 'std' } }, 'found "std", which is not configured'],
    [{ ptu: { ...ptu, spilloverDeploymentName: 'ptu' } }, 'found "ptu", which is GlobalProvisionedManaged'],
    [
      { ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: { ...standard, sku: 'Standard' } },
      'found "std", which is Standard',
    ],
    [{ ptu: { ...ptu, spilloverDeploymentName: 'std' }, std: { model: 'whisper' } }, 'found "std" with whisper'],
    [
      { ptu: { model: 'gpt-4o', spilloverDeploymentName: 'std' }, std: standard },
      'only a provisioned deployment spills over',
    ],
  ])('is refused at the start as %o', (deployments, problem) => {
    expect(() => testSimulator({ deployments })).toThrow(problem)
  })
})
