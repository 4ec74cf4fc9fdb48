/** What the load of the journal would have needed. */
import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { inputTokensOf, sizedAs, unitsFor } from '../../src/sim/models/sizing.ts'
import type { Sku } from '../../src/sim/types.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

describe('the arithmetic of units', () => {
  // As worked out on Microsoft's pages.
  it.each([
    {
      name: 'gpt-5.2',
      rpm: 1_000,
      prompt: 200,
      completion: 20,
      share: 0,
      sku: 'GlobalProvisionedManaged',
      exact: '105.88',
      ptu: 110,
    },
    {
      name: 'gpt-5.2',
      rpm: 1_000,
      prompt: 200,
      completion: 20,
      share: 0,
      sku: 'DataZoneProvisionedManaged',
      exact: '105.88',
      ptu: 110,
    },
    {
      name: 'gpt-5.2',
      rpm: 1_000,
      prompt: 200,
      completion: 20,
      share: 0,
      sku: 'ProvisionedManaged',
      exact: '105.88',
      ptu: 150,
    },
    {
      name: 'gpt-5.2',
      rpm: 1_000,
      prompt: 200,
      completion: 20,
      share: 0.5,
      sku: 'GlobalProvisionedManaged',
      exact: '76.47',
      ptu: 80,
    },
    {
      name: 'gpt-5.2',
      rpm: 1_000,
      prompt: 200,
      completion: 20,
      share: 0.5,
      sku: 'ProvisionedManaged',
      exact: '76.47',
      ptu: 100,
    },
    {
      name: 'gpt-5.2',
      rpm: 1_000,
      prompt: 100,
      completion: 50,
      share: 0,
      sku: 'GlobalProvisionedManaged',
      exact: '147.06',
      ptu: 150,
    },
    {
      name: 'gpt-4o-mini',
      rpm: 30,
      prompt: 800,
      completion: 150,
      share: 0,
      sku: 'GlobalProvisionedManaged',
      exact: '1.14',
      ptu: 15,
    },
    {
      name: 'gpt-4o-mini',
      rpm: 500,
      prompt: 1_000,
      completion: 300,
      share: 0,
      sku: 'GlobalProvisionedManaged',
      exact: '29.73',
      ptu: 30,
    },
  ] as const)('come to $ptu for $rpm calls of $prompt and $completion to $name, $share cached, as $sku', (row) => {
    const { name, rpm, prompt, completion, share, sku, exact, ptu } = row
    const sized = sizedAs(findModel(name)!, sku)!
    const load = rpm * inputTokensOf({ prompt, completion, cached: prompt * share }, sized)
    expect((load / sized.inputTokensPerMinute).toFixed(2)).toBe(exact)
    expect(unitsFor(load, sized)).toBe(ptu)
  })

  // Fireworks' models, as Foundry's page has them.
  it.each([
    ['FW-GPT-OSS-120B', 80, 40, 13_500],
    ['FW-Kimi-K2-Thinking', 500, 275, 700],
    ['FW-DeepSeek-V3.2', 1_200, 600, 1_500],
    ['FW-GLM-5', 700, 350, 3_500],
    ['Llama-3.3-70B-Instruct', 100, 100, 8_450],
  ])('sell %s from %i in steps of %i', (name, min, step, tokens) => {
    const sized = sizedAs(findModel(name)!, 'GlobalProvisionedManaged')!
    expect([sized.min, sized.step, sized.inputTokensPerMinute]).toEqual([min, step, tokens])
    expect(unitsFor(tokens * (min + 1), sized)).toBe(min + step)
    expect(sizedAs(findModel(name)!, 'ProvisionedManaged')).toBeUndefined()
    const deployment = (sku: string, capacity: number) => () =>
      testSimulator({ deployments: { one: { model: name, sku, capacity } } })
    deployment('GlobalProvisionedManaged', min + 2 * step)()
    expect(deployment('GlobalProvisionedManaged', min + 1)).toThrow(`${min} or more, in steps of ${step}`)
    if (name.startsWith('FW-')) expect(deployment('DataZoneProvisionedManaged', min)).toThrow('is not known to have')
  })

  it('knows no units of a model that has none', () => {
    expect(sizedAs(findModel('whisper')!, 'GlobalProvisionedManaged' satisfies Sku)).toBeUndefined()
  })
})

describe('GET /++/capacity', () => {
  it('tells what the calls of the journal would have needed', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator({ deployments: { chat: { model: 'gpt-4o' } }, journal: { size: 1_000 } }, { clock })
    const ask = () =>
      simulator.post('/openai/deployments/chat/chat/completions?api-version=2024-10-21', {
        messages: [{ role: 'user', content: 'Hi' }],
        max_tokens: 1_000,
      })
    for (let call = 0; call < 20; call++) {
      await (await ask()).text()
      clock.advance(call === 9 ? 51_000 : 1_000)
    }
    const answer = await simulator.request('/++/capacity')
    expect(answer.status).toBe(200)
    const { deployments } = (await answer.json()) as { deployments: object[] }
    // A call counts for 8 + 4 x 1,000 = 4,008 input tokens; ten of them in each of two minutes.
    expect(deployments).toEqual([
      {
        deployment: 'chat',
        model: 'gpt-4o-2024-11-20',
        requests: 20,
        tokens: { prompt: 160, cached: 0, completion: 20_000 },
        peakMinute: {
          from: '2027-01-15T08:00:00.000Z',
          requests: 10,
          tokens: { prompt: 80, cached: 0, completion: 10_000 },
        },
        peakSecond: {
          from: '2027-01-15T08:00:00.000Z',
          requests: 1,
          tokens: { prompt: 8, cached: 0, completion: 1_000 },
        },
        standard: { tokensPerMinute: 10_080, requestsPerMinute: 10 },
        provisioned: [
          expect.objectContaining({
            sku: 'GlobalProvisionedManaged',
            inputTokensPerMinutePerPtu: 2_500,
            outputRatio: 4,
            forPeakMinute: {
              ptu: 20,
              arithmetic: '40080 input tokens in the peak minute / 2500 = 16.03, from 15 in steps of 5',
            },
          }) as object,
          expect.objectContaining({ sku: 'DataZoneProvisionedManaged' }) as object,
          expect.objectContaining({ sku: 'ProvisionedManaged', withoutRefusals: { ptu: 100 } }) as object,
        ],
      },
    ])
  })

  it('takes calls in the order in which they came, though the journal has them as they ended', async () => {
    const clock = manualClock(1_800_000_000_000)
    const rules = [{ when: { prompt: 'slow' }, then: { latency: { timeToFirstToken: '30s' } } }]
    const simulator = testSimulator({ rules, deployments: { chat: { model: 'gpt-4o' } } }, { clock })
    const ask = (content: string) =>
      simulator
        .post('/openai/deployments/chat/chat/completions?api-version=2024-10-21', {
          messages: [{ role: 'user', content }],
          max_tokens: 100,
        })
        .then((answer) => answer.text())
    const slow = ask('slow')
    await clock.advanceAsync(10_000)
    await ask('Hi')
    await clock.advanceAsync(30_000)
    await slow
    const { deployments } = (await (await simulator.request('/++/capacity')).json()) as {
      deployments: { provisioned: { withoutRefusals: { ptu: number }; withOnePercentRefused: { ptu: number } }[] }[]
    }
    // Two calls of some 400 input tokens, ten seconds apart: the least that may be had.
    expect(deployments[0]?.provisioned[0]).toMatchObject({
      withoutRefusals: { ptu: 15 },
      withOnePercentRefused: { ptu: 15 },
    })
  })

  it('agrees with a deployment of that many units', async () => {
    const run = async (capacity: number) => {
      const clock = manualClock(1_800_000_000_000)
      const deployments = { chat: { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity } }
      const simulator = testSimulator({ deployments }, { clock })
      let refused = 0
      for (let call = 0; call < 30; call++) {
        const answer = await simulator.post('/openai/deployments/chat/chat/completions?api-version=2024-10-21', {
          messages: [{ role: 'user', content: 'Hi' }],
          max_tokens: 1_000,
        })
        if (answer.status === 429) refused++
        clock.advance(700)
      }
      const told = (await (await simulator.request('/++/capacity')).json()) as {
        deployments: { provisioned: { withoutRefusals: { ptu: number } }[] }[]
      }
      return { refused, ptu: told.deployments[0]!.provisioned[0]!.withoutRefusals.ptu }
    }
    const { refused, ptu } = await run(1_000)
    expect(refused).toBe(0)
    expect((await run(ptu)).refused).toBe(0)
    expect((await run(ptu - 5)).refused).toBeGreaterThan(0)
  })

  it('refuses a query that means nothing', async () => {
    expect((await testSimulator().request('/++/capacity?since=yesterday')).status).toBe(400)
    expect((await testSimulator().request('/++/capacity?status=200')).status).toBe(400)
  })
})
