/**
 * What a unit of capacity comes to, against all that the management plane lists of OpenAI's models in eastus2 and swedencentral
 * (api-version 2025-06-01, 23 April 2026): 203 rows of a model, its versions, a type, the name of its usage, and its limits
 * (`1/10s 1000`: one request per 10 s, 1,000 tokens per minute) or, of provisioned ones, the least number and the step.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { sizedAs } from '../../src/sim/models/sizing.ts'
import { unitOf } from '../../src/sim/models/units.ts'
import { type Sku, skus } from '../../src/sim/types.ts'
import { testSimulator } from '../support/simulator.ts'
const listed = readFileSync(new URL('capacity-units.csv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
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
    const used = new Map<string, number>()
    const deployments: Record<string, object> = {}
    for (const row of rows) {
      const { name, sku, usage, limits } = row
      const isPtu = sku.includes('Provisioned')
      if (isTuned(row) || !(skus as readonly string[]).includes(sku)) continue
      if (isPtu && !(limits && sizedAs(findModel(name)!, sku))) continue
      const capacity = isPtu ? Number(limits?.split('/')[0]) : 5
      deployments[`d${Object.keys(deployments).length}`] = { model: name, sku, capacity }
      used.set(usage, (used.get(usage) ?? 0) + capacity)
    }
    const start = (short: readonly string[]) => {
      const limits = [...used].map(([usage, capacity]) => [usage, capacity - (short.includes(usage) ? 1 : 0)] as const)
      return testSimulator({
        azure: { region: 'East US 2' },
        quota: { eastus2: Object.fromEntries(limits) },
        deployments,
      })
    }
    const refusal = (short: readonly string[]) => {
      try {
        start(short)
        return ''
      } catch (error) {
        return String(error)
      }
    }
    start([])
    // Of more than a hundred problems a hundred are told.
    const usages = [...used.keys()]
    const refusals = [usages.slice(0, 70), usages.slice(70)].map(refusal)
    const told = new Set([...refusals.join('\n').matchAll(/for quota (\S+)\.(?:\s|$)/g)].map(([, usage]) => usage))
    expect([...told].toSorted()).toEqual([...used.keys()].toSorted())
  })
})
