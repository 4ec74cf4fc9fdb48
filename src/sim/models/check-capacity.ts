/** What is wrong with the types and capacities of deployments, and with who they spill over to: Azure would not make them. */
import type { Model, Sku } from '../types.ts'
import { isObject } from '../base/object.ts'
import { tiersOf } from './abilities.ts'
import { findModel } from './catalogue.ts'
import { provisioningOf } from './provisioned.ts'
import { isRouter } from './router.ts'
import { stepsOf } from './sizing.ts'
import { isProvisioned, reachOf } from './sku.ts'

type Given = { readonly name: string; readonly model: Model; readonly given: Readonly<Record<string, unknown>> }
type Problem = { readonly name: string; readonly key: string; readonly message: string }

export function capacityProblems(deployments: readonly Given[]): readonly Problem[] {
  const byName = new Map(deployments.map((each) => [each.name, each]))
  return deployments.flatMap((each) => [
    ...ofCapacity(each),
    ...ofSpillover(each, byName),
    ...ofTier(each),
    ...ofRouting(each),
  ])
}

const skuOf = ({ given: { sku } }: Given): Sku => (typeof sku === 'string' ? (sku as Sku) : 'Standard')

function* ofCapacity(deployment: Given): Generator<Problem> {
  const { name, model, given } = deployment
  const { capacity } = given
  if (typeof capacity === 'number' && given['sku'] === undefined)
    yield {
      name,
      key: 'sku',
      message: 'found nothing; allowed: the type of deployment that its capacity is of, as GlobalStandard',
    }
  const sku = skuOf(deployment)
  if (!isProvisioned(sku)) {
    if (isObject(given['underLoad']) && given['concurrency'] === undefined)
      yield {
        name,
        key: 'underLoad',
        message: `found growth, but nothing by which it is busy; allowed: with concurrency, or for provisioned throughput`,
      }
    return
  }
  for (const key of ['tokensPerMinute', 'requestsPerMinute'])
    if (typeof given[key] === 'number')
      yield { name, key, message: `found ${given[key]}; allowed: nothing, as the capacity of ${sku} is its limit` }
  const provisioning = provisioningOf(model)
  const steps = provisioning && stepsOf(provisioning, sku)
  if (!steps) {
    const message = `found ${sku}, which ${model.name} is not known to have; allowed: another type, or another model`
    yield { name, key: 'sku', message }
  } else if (typeof capacity !== 'number') {
    yield { name, key: 'capacity', message: `found nothing; allowed: a number of PTU for ${sku}` }
  } else if (capacity < steps.min || (capacity - steps.min) % steps.step !== 0) {
    const allowed = `${steps.min} or more, in steps of ${steps.step}, for ${model.name} as ${sku}`
    yield { name, key: 'capacity', message: `found ${capacity}; allowed: ${allowed}` }
  }
}

function* ofSpillover(from: Given, byName: ReadonlyMap<string, Given>): Generator<Problem> {
  const to = from.given['spilloverDeploymentName']
  if (typeof to !== 'string') return
  const problem = (found: string, allowed: string): Problem => ({
    name: from.name,
    key: 'spilloverDeploymentName',
    message: `found "${to}"${found}; allowed: ${allowed}`,
  })
  const target = byName.get(to)
  if (!isProvisioned(skuOf(from))) {
    yield problem('', 'nothing, as only a provisioned deployment spills over')
  } else if (!target) {
    yield problem(', which is not configured', 'a standard deployment of the same resource')
  } else if (isProvisioned(skuOf(target)) || skuOf(target).endsWith('Batch')) {
    yield problem(`, which is ${skuOf(target)}`, 'a standard deployment')
  } else if (target.given['sku'] !== undefined && reachOf(skuOf(target)) !== reachOf(skuOf(from))) {
    yield problem(`, which is ${skuOf(target)}`, `one that processes data where ${skuOf(from)} does`)
  } else if (!target.model.kinds.some((kind) => from.model.kinds.includes(kind))) {
    yield problem(` with ${target.model.name}`, `a model that does what ${from.model.name} does`)
  }
}

/** Priority is of some models, and of two types of deployments (Microsoft's page on it, 2026). */
function* ofTier(deployment: Given): Generator<Problem> {
  const { name, model, given } = deployment
  if (given['serviceTier'] !== 'Priority') return
  const key = 'serviceTier'
  const sku = skuOf(deployment)
  if (given['sku'] !== undefined && sku !== 'GlobalStandard' && sku !== 'DataZoneStandard')
    yield { name, key, message: `found Priority for ${sku}; allowed: Priority for GlobalStandard and DataZoneStandard` }
  else if (!tiersOf(model).includes('priority') && !isRouter(model))
    yield { name, key, message: `found Priority, which ${model.name} is not known to have; allowed: Default` }
}

function* ofRouting({ name, model, given: { routing } }: Given): Generator<Problem> {
  if (!isObject(routing)) return
  const key = 'routing'
  if (!isRouter(model))
    yield { name, key, message: `found a choice of models for ${model.name}; allowed: one for model-router` }
  const { models } = routing
  for (const each of Array.isArray(models) ? (models as readonly unknown[]) : []) {
    const one = typeof each === 'string' ? findModel(each) : undefined
    if (typeof each !== 'string' || (one?.kinds.includes('chat') && !isRouter(one))) continue
    const allowed = one ? 'models that chat' : 'names in the model catalogue'
    yield { name, key, message: `found "${each}"; allowed: ${allowed}` }
  }
}
