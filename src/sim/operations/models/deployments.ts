/** The list of deployments that the resource had in its first versions: they still have it, later ones do not (users, 2026). */
import type { Config } from '../../config/config.ts'
import { deploymentNotFound, resourceNotFound } from '../../errors.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { jsonPlan } from '../parts/whole-plan.ts'

export const deployments: ResourceOperation = {
  scope: 'resource',
  name: 'Deployments_List',
  method: 'GET',
  path: '/deployments',
  routes: [{ surface: 'dated', template: '/openai/deployments' }],
  answer: (call, config) => {
    refuseVersion(call)
    const data = Object.keys(config.deployments).flatMap((name) => describe(name, call, config) ?? [])
    return jsonPlan({ data, object: 'list' })
  },
}

export const deployment: ResourceOperation = {
  scope: 'resource',
  name: 'Deployments_Get',
  method: 'GET',
  path: '/deployments/{name}',
  routes: [{ surface: 'dated', template: '/openai/deployments/{deployment}' }],
  answer: (call, config) => {
    refuseVersion(call)
    const found = describe(call.match.params['deployment'] ?? '', call, config)
    if (!found) throw deploymentNotFound()
    return jsonPlan(found)
  },
}

const versions = ['2022-12-01', '2023-03-15-preview']

function refuseVersion({ apiVersion }: AnyCall): void {
  if (!versions.includes(apiVersion)) throw resourceNotFound()
}

/** Keys and their order as in the description of 2023; when a deployment was made is not known, its model's day stands for it. */
function describe(name: string, { resource }: AnyCall, config: Config) {
  if (config.deployments[name] === undefined) return undefined
  const { model } = resource.findDeployment(name) ?? {}
  if (!model) return undefined
  return {
    scale_settings: { scale_type: 'standard' },
    model: model.name,
    owner: 'organization-owner',
    id: name,
    status: 'succeeded',
    created_at: model.createdAtSeconds,
    updated_at: model.createdAtSeconds,
    object: 'deployment',
  }
}
