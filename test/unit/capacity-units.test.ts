/**
 * What a unit of capacity comes to, against all that the management plane lists of OpenAI's models in eastus2 and swedencentral
 * (api-version 2025-06-01, 23 April 2026): 203 rows of a model, its versions, a type, the name of its usage, and its limits
 * (`1/10s 1000`: one request per 10 s, 1,000 tokens per minute) or, of provisioned ones, the least number and the step.
 */
import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { sizedAs } from '../../src/sim/models/sizing.ts'
import { unitOf } from '../../src/sim/models/units.ts'
import { type Sku, skus } from '../../src/sim/types.ts'
import { testSimulator } from '../support/simulator.ts'
import listed from './capacity-units.json' with { type: 'json' }

const rows = listed.flatMap(([model, versions, sku, usage, limits]) =>
  (versions ?? '').split(' ').map((version) => ({
    name: `${model}@${version}`,
    sku: sku as Sku,
    usage: usage ?? '',
    limits,
  })),
)
/** Such a deployment is made for what somebody trained, with limits of its own. */
const isTuned = ({ usage }: { readonly usage: string }) => usage.endsWith('-finetune')

describe('the units that Azure lists', () => {
  it('are 203 rows of models that are known', () => {
    expect(listed).toHaveLength(203)
    expect(rows.filter(({ name }) => !findModel(name))).toEqual([])
  })

  it('let pass what they let pass here', () => {
    const standard = rows.filter((row) => / /.test(row.limits ?? '') && !isTuned(row))
    expect(standard.length).toBeGreaterThan(110)
    const ours = standard.map(({ name, sku, usage }) => {
      const { requests, periodMs, tokens = 0 } = unitOf(findModel(name)!, sku)
      return { name, sku, usage, limits: `${requests}/${periodMs / 1000}s ${tokens}` }
    })
    expect(ours).toEqual(standard)
  })

  it('have the least numbers and steps of provisioned throughput, where its rate is known', () => {
    const provisioned = rows.filter(({ limits }) => /^\d+\/\d+$/.test(limits ?? ''))
    expect(provisioned.length).toBeGreaterThan(40)
    const unknown = new Set<string>()
    for (const { name, sku, limits } of provisioned) {
      const sized = (skus as readonly string[]).includes(sku) ? sizedAs(findModel(name)!, sku) : undefined
      if (sized) expect(`${name} ${sku} ${sized.min}/${sized.step}`).toBe(`${name} ${sku} ${limits}`)
      else unknown.add(findModel(name)?.name ?? name)
    }
    // Nobody has published what a unit does for these.
    expect([...unknown].toSorted()).toEqual(['gpt-35-turbo', 'gpt-4', 'gpt-4-32k', 'gpt-4o-audio-preview'])
  })

  it('are counted against the usages that have their names', () => {
    const region = 'East US 2'
    const wrong = rows
      .filter((row) => !isTuned(row) && (skus as readonly string[]).includes(row.sku))
      .filter(({ name, sku, limits }) => !sku.includes('Provisioned') || (limits && sizedAs(findModel(name)!, sku)))
      .filter(({ name, sku, usage, limits }) => {
        const capacity = sku.includes('Provisioned') ? Number(limits?.split('/')[0]) : 5
        const start = (quota: number) => () =>
          testSimulator({
            azure: { region },
            quota: { eastus2: { [usage]: quota } },
            deployments: { one: { model: name, sku, capacity } },
          })
        try {
          start(capacity)()
        } catch {
          return true
        }
        try {
          start(capacity - 1)()
          return true
        } catch (error) {
          return !String(error).includes('InsufficientQuota')
        }
      })
      .map(({ name, usage }) => `${name} ${usage}`)
    expect(wrong).toEqual([])
  })
})
