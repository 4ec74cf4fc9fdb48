/**
 * A request to a model router as the chosen model takes it. Documented is that a reasoning model leaves out what it does not
 * take, and that an effort goes to the model that knows it; that the same holds for the rest is a guess.
 */
import { tiersOf, verbositiesOf } from '../../models/abilities.ts'
import { supportedEfforts } from '../../measure/reasoning.ts'
import { isLeftOut, type RoutedInput, routing } from '../../models/router.ts'
import type { Model } from '../../types.ts'

export const routedChat = routing(fitted)

function fitted(input: RoutedInput, model: Model): Record<string, unknown> {
  const left = { ...input }
  for (const name of model.refuses) Reflect.deleteProperty(left, name)
  const { max_tokens: maxTokens } = input
  if (maxTokens !== undefined && model.refuses.includes('max_tokens'))
    left['max_completion_tokens'] = input['max_completion_tokens'] ?? maxTokens
  const taken = {
    reasoning_effort: supportedEfforts(model),
    verbosity: verbositiesOf(model),
    service_tier: tiersOf(model),
  }
  for (const [name, values] of Object.entries(taken))
    if (isLeftOut(name, left[name], values)) Reflect.deleteProperty(left, name)
  return left
}
