/**
 * A request to a model router as the chosen model takes it. Documented is that a reasoning model leaves out what it does not
 * take, and that an effort goes to the model that knows it; that the same holds for the rest is a guess.
 */
import { tiersOf, verbositiesOf } from '../../models/abilities.ts'
import { supportedEfforts } from '../../measure/reasoning.ts'
import { isRouter, routed } from '../../models/router.ts'
import type { Deployment, Model } from '../../types.ts'

type Input = Record<string, unknown>
type Asked = { readonly deployment: Deployment; readonly input: Input | undefined }

/** Another deployment's request is left as it is. */
export function routedRequest(deployment: Deployment, input: Input | undefined): Asked {
  if (!isRouter(deployment.model)) return { deployment, input }
  const chosen = routed(deployment, input)
  return { deployment: chosen, input: input && fitted(input, chosen.model) }
}

function fitted(input: Input, model: Model): Input {
  const left: Input = { ...input }
  for (const name of model.refuses) Reflect.deleteProperty(left, name)
  const { max_tokens: maxTokens } = input
  if (maxTokens !== undefined && model.refuses.includes('max_tokens'))
    left['max_completion_tokens'] = input['max_completion_tokens'] ?? maxTokens
  const taken = {
    reasoning_effort: supportedEfforts(model),
    verbosity: verbositiesOf(model),
    service_tier: tiersOf(model),
  }
  for (const [name, values] of Object.entries(taken)) {
    const value = left[name]
    if (typeof value === 'string' && known[name]?.includes(value) && !values.includes(value))
      Reflect.deleteProperty(left, name)
  }
  return left
}

/** What no model takes is refused as it is elsewhere. */
const known: Readonly<Record<string, readonly string[]>> = {
  reasoning_effort: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
  verbosity: ['low', 'medium', 'high'],
  service_tier: ['auto', 'default', 'flex', 'priority'],
}
