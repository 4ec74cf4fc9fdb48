import { modelNotFound } from '../../errors.ts'
import { allModels, listedModel, modelId } from '../../models/catalogue.ts'
import type { ResourceOperation } from '../../operation.ts'
import type { Model, Surface } from '../../types.ts'
import { jsonPlan } from '../parts/whole-plan.ts'

/** The catalogue, not the deployments: the service lists its base models here on both surfaces. */
export const models: ResourceOperation = {
  scope: 'resource',
  name: 'Models_List',
  method: 'GET',
  path: '/models',
  answer: ({ match: { surface } }) => {
    const data = allModels().map((row) => describe(row, surface))
    return jsonPlan(surface === 'v1' ? { object: 'list', data } : { data, object: 'list' })
  },
}

export const model: ResourceOperation = {
  scope: 'resource',
  name: 'Models_Get',
  method: 'GET',
  path: '/models/{model}',
  answer: ({ match: { surface, params } }) => {
    const id = params['model'] ?? ''
    const found = listedModel(id)
    if (found === undefined) throw modelNotFound(id, surface)
    return jsonPlan(describe(found, surface))
  },
}

const describe = (row: Model, surface: Surface) => (surface === 'v1' ? toV1(row) : toDated(row))

/** As the v1 description has it. */
const toV1 = (row: Model) => ({
  id: modelId(row),
  object: 'model',
  created: row.createdAtSeconds,
  owned_by: 'system',
})

/** Keys and their order as in the authoring API's example (2024-10-21), which has neither `created` nor `owned_by`. */
const toDated = (row: Model) => ({
  status: 'succeeded',
  capabilities: {
    fine_tune: false,
    inference: true,
    completion: row.kinds.includes('completion'),
    chat_completion: row.kinds.includes('chat'),
    embeddings: row.kinds.includes('embedding'),
  },
  lifecycle_status: /preview/i.test(modelId(row)) ? 'preview' : 'generally-available',
  deprecation: { inference: row.createdAtSeconds + lifetimeSeconds },
  id: modelId(row),
  created_at: row.createdAtSeconds,
  updated_at: row.createdAtSeconds,
  object: 'model',
})

/** A guess: dates of retirement are announced model by model, and two years is the most common. */
const lifetimeSeconds = 2 * 365 * 24 * 60 * 60
