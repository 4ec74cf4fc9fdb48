/** What a run came to: `GET /++/report`, and the gauges of what limits have left. */
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../../src/sim/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const ask = async (simulator: ReturnType<typeof testSimulator>, deployment = 'chat', more: object = {}) => {
  const answer = await simulator.request(`/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`, {
    method: 'POST',
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 50, ...more }),
  })
  await answer.text()
  return answer.status
}

const reportOf = async (simulator: ReturnType<typeof testSimulator>, query = '') =>
  (await (await simulator.request(`/++/report${query}`)).json()) as RunReport

describe('GET /++/report', () => {
  it('tells how requests ended, moment by moment, with the limits and the settings that did it', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator(
      { deployments: { chat: { model: 'gpt-4o', tokensPerMinute: 60, requestsPerMinute: 600 } } },
      { clock },
    )
    expect(await ask(simulator)).toBe(200)
    await clock.advanceAsync(2_000)
    expect(await ask(simulator)).toBe(429)
    const report = await reportOf(simulator)
    expect(report).toMatchObject({ resource: 'default', fromMs: 1_800_000_000_000, momentMs: 1_000 })
    expect(report.limits).toEqual([{ deployment: 'chat', tokensPerMinute: 60, requestsPerMinute: 600 }])
    const [row] = report.rows
    expect(row).toMatchObject({ deployment: 'chat', model: 'gpt-4o', totals: { requests: 2, completionTokens: 50 } })
    expect(row?.sums.ok).toEqual([1, 0, 0])
    expect(row?.sums.limitedByTokens).toEqual([0, 0, 1])
    expect(row?.totals.utilization).toBeGreaterThan(50)
    expect(report.errors).toMatchObject([{ status: 429, count: 1, message: expect.stringMatching(/limit/i) as string }])
    expect(report.settings).toContainEqual({ setting: 'deployments.chat.tokensPerMinute', value: '60', from: 'test' })
    await simulator.request('/++/requests', { method: 'DELETE' })
    expect((await reportOf(simulator)).rows).toEqual([])
  })

  it('names the change as the origin of what was changed, and never tells a secret', async () => {
    const simulator = testSimulator({
      redis: {},
      resources: { other: { apiKeys: ['a-key-of-another'] } },
      forward: { key: 'the-key-of-a-service', endpoint: 'https://contoso.openai.azure.com' },
    })
    await simulator.request('/++/settings', {
      method: 'PATCH',
      body: JSON.stringify({ generate: { medianTokens: 77 } }),
    })
    const report = await reportOf(simulator)
    const changed = report.settings.find(({ setting }) => setting === 'generate.medianTokens')
    expect(changed).toMatchObject({ value: '77' })
    expect(changed?.from).not.toMatch(/default|test/)
    const text = JSON.stringify([report, await reportOf(simulator, '?resource=other')])
    for (const secret of ['test-key', 'a-key-of-another', 'the-key-of-a-service']) expect(text).not.toContain(secret)
  })

  it('tells of each resource by itself, and of phases', async () => {
    const simulator = testSimulator({
      deployments: { chat: { model: 'gpt-4o' } },
      resources: { east: { apiKeys: ['key-of-the-east'] } },
      timeline: { phases: [{ name: 'calm', for: '10min' }] },
    })
    await ask(simulator)
    expect((await reportOf(simulator)).phases).toMatchObject([{ name: 'calm' }])
    expect((await reportOf(simulator, '?resource=east')).rows).toEqual([])
    expect((await simulator.request('/++/report?resource=none')).status).toBe(404)
  })
})

describe('gauges', () => {
  it('tell what each deployment has left of its limits, and how much it uses', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator(
      {
        deployments: {
          chat: { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 600 },
          units: { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity: 15 },
          free: { model: 'gpt-4o' },
        },
      },
      { clock },
    )
    const text = async () => (await simulator.request('/++/metrics')).text()
    expect(await text()).toContain('aoai_api_simulator_limits_remaining_tokens{deployment="chat"} 1000\n')
    await ask(simulator)
    await ask(simulator, 'units', { max_tokens: 2_000 })
    const used = await text()
    expect(used).toMatch(/^aoai_api_simulator_limits_remaining_tokens\{deployment="chat"\} 9\d\d$/m)
    expect(used).toMatch(/^aoai_api_simulator_limits_remaining_requests\{deployment="chat"\} \d+$/m)
    expect(used).toMatch(/^aoai_api_simulator_limits_utilization\{deployment="chat"\} [\d.]+$/m)
    expect(used).toMatch(/^aoai_api_simulator_limits_utilization\{deployment="units"\} [1-9]\d*$/m)
    expect(used).not.toContain('utilization{deployment="free"}')
    expect(used.match(/^# TYPE aoai_api_simulator_limits_utilization gauge$/gm)).toHaveLength(1)
    await clock.advanceAsync(120_000)
    expect(await text()).toContain('aoai_api_simulator_limits_utilization{deployment="chat"} 0\n')
  })
})
