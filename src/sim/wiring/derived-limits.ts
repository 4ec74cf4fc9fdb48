/** Limits that nobody set: those that follow from others, for showing them. */
import { mapInSteps } from '../base/slices.ts'
import type { Config, DeploymentConfig } from '../config/config.ts'
import { isTree, put, valueAt, without } from '../config/tree.ts'
import { requestsFor } from '../limits/charge.ts'
import { deploymentFinder } from './deployments.ts'

type Key = 'tokensPerMinute' | 'requestsPerMinute'
export type DerivedLimit = { readonly name: string; readonly key: Key; readonly value: number; readonly from: string }

export function derivedLimits(config: Config): readonly DerivedLimit[] {
  const find = deploymentFinder(config)
  const { deployments } = config
  return mapInSteps(Object.keys(deployments), (name): readonly DerivedLimit[] => {
    const given = deployments[name] as DeploymentConfig
    // Nothing follows from nothing.
    if ((given.sku ?? given.tokensPerMinute ?? given.requestsPerMinute) === undefined) return none
    const { tokensPerMinute: tokens, requestsPerMinute: requests, model } = find(name) ?? {}
    const derived: DerivedLimit[] = []
    const add = (key: Key, value: number, from: string) => derived.push({ name, key, value, from })
    const ofCapacity = `derived from sku and capacity`
    if (tokens !== undefined && given.tokensPerMinute === undefined) add('tokensPerMinute', tokens, ofCapacity)
    if (requests !== undefined && given.requestsPerMinute === undefined) add('requestsPerMinute', requests, ofCapacity)
    if (model && tokens !== undefined && requests === undefined) {
      const ratio = Number(model.requestsPerThousandTokens.toFixed(3))
      const from = `derived from tokensPerMinute, ${ratio} for each 1000 of ${model.name}`
      add('requestsPerMinute', requestsFor(tokens, model.requestsPerThousandTokens), from)
    }
    return derived
  }).flat()
}

const none: readonly DerivedLimit[] = []

/** What is sent back as it was shown stays derived. */
export function withoutDerived(part: unknown, derived: readonly DerivedLimit[]): unknown {
  const deployments = valueAt(part, ['deployments'])
  if (!isTree(part) || !isTree(deployments) || derived.length === 0) return part
  const left: Record<string, unknown> = {}
  for (const [name, given] of Object.entries(deployments)) put(left, name, given)
  for (const { name, key, value } of derived) {
    const given = Object.hasOwn(left, name) ? left[name] : undefined
    if (isTree(given) && given[key] === value) left[name] = without(given, [key])
  }
  return { ...part, deployments: left }
}
