import { deploymentNotFound } from '../../errors.ts'
import type { ResourceOperation } from '../../operation.ts'
import type { Model } from '../../types.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { providerOf } from '../../models/provider.ts'

/** An endpoint of one model tells of that one. A resource has many: the query names one, or the first that is configured is meant. */
export const modelInfo: ResourceOperation = {
  scope: 'resource',
  name: 'ModelInfo_Get',
  method: 'GET',
  path: '/info',
  routes: [{ surface: 'inference', template: '/models/info' }],
  answer: ({ wire, resource }) => {
    const [first = usual] = Object.keys(resource.config.deployments)
    const deployment = resource.findDeployment(wire.target.query.get('model') ?? first)
    if (deployment === undefined) throw deploymentNotFound()
    const { model } = deployment
    return jsonPlan({
      model_name: model.name,
      model_type: typeOf(model),
      model_provider_name: providerOf(model.name),
    })
  },
}

const usual = 'gpt-4.1-mini'

/** The API's words for what a model does. */
function typeOf({ kinds }: Model): string {
  if (kinds.includes('embedding')) return 'embeddings'
  if (kinds.includes('image')) return 'image_generation'
  if (kinds.includes('speech')) return 'audio_generation'
  return kinds.includes('completion') && !kinds.includes('chat') ? 'text_generation' : 'chat_completion'
}
