/** A project's deployments, and its connections, of which it has none (recorded March 2026; types of the official SDKs). */
import type { Config } from '../../config/config.ts'
import { gatewayError } from '../../errors.ts'
import { usualSku } from '../../models/sku.ts'
import { providerOf } from '../../models/provider.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import type { ModelKind } from '../../types.ts'
import { jsonPlan } from '../parts/whole-plan.ts'

const backEnd = 'project'
const shared = { scope: 'resource', backEnd, method: 'GET' } as const
const at = (path: `/${string}`) => [{ surface: 'project', template: `/api/projects/{project}${path}` }] as const

export const projectDeployments: ResourceOperation = {
  ...shared,
  name: 'ProjectDeployments_List',
  path: '/deployments',
  routes: at('/deployments'),
  answer: (call, config) => {
    const { query } = call.wire.target
    const wanted = {
      modelName: query.get('modelName'),
      modelPublisher: query.get('modelPublisher'),
      type: query.get('deploymentType'),
    }
    const value = Object.keys(config.deployments)
      .flatMap((name) => describe(name, call, config) ?? [])
      .filter((one) =>
        Object.entries(wanted).every(([key, text]) => text === null || one[key as keyof typeof wanted] === text),
      )
    return jsonPlan({ value }, { backEnd })
  },
}

export const projectDeployment: ResourceOperation = {
  ...shared,
  name: 'ProjectDeployments_Get',
  path: '/deployments/{name}',
  routes: at('/deployments/{name}'),
  answer: (call, config) => {
    const found = describe(call.match.params['name'] ?? '', call, config)
    if (!found) throw gatewayError(404, 'NotFound', 'Deployment not found')
    return jsonPlan(found, { backEnd })
  },
}

export const projectConnections: ResourceOperation = {
  ...shared,
  name: 'ProjectConnections_List',
  path: '/connections',
  routes: at('/connections'),
  answer: () => jsonPlan({ value: [] }, { backEnd }),
}

export const projectConnection: ResourceOperation = {
  ...shared,
  name: 'ProjectConnections_Get',
  path: '/connections/{name}',
  routes: at('/connections/{name}'),
  answer: () => {
    throw gatewayError(404, 'NotFound', 'Connection not found')
  },
}

/** As Foundry words what a model can do; which words it has beside the first is remembered. */
const capabilityOf: Partial<Readonly<Record<ModelKind, string>>> = {
  chat: 'chat_completion',
  embedding: 'embeddings',
  image: 'image_generation',
  transcription: 'audio_transcription',
  speech: 'text_to_speech',
}

function describe(name: string, { resource }: AnyCall, { deployments }: Config) {
  const configured = Object.hasOwn(deployments, name) ? deployments[name] : undefined
  const model = configured && resource.findDeployment(name)?.model
  if (!configured || !model) return undefined
  const { sku = usualSku, capacity = 1 } = configured
  const capabilities = model.kinds.flatMap((kind) => (capabilityOf[kind] ? [[capabilityOf[kind], 'true']] : []))
  return {
    name,
    type: 'ModelDeployment',
    modelName: model.name,
    modelVersion: model.version,
    modelPublisher: publisherOf(model.name),
    capabilities: Object.fromEntries(capabilities) as Readonly<Record<string, string>>,
    sku: { name: sku, capacity, family: '', size: '', tier: '' },
  }
}

/** Foundry has one word more for the company than for its models. */
const publisherOf = (name: string) => (providerOf(name) === 'Azure OpenAI' ? 'OpenAI' : providerOf(name))
