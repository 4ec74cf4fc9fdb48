/** Adapts a request to the model that the router chose: leaves out what that model does not support, as chat does. */
import { isObject } from '../../base/object.ts'
import { tiersOf, verbositiesOf } from '../../models/abilities.ts'
import { supportedEfforts } from '../../measure/reasoning.ts'
import { isLeftOut, type RoutedInput, routing } from '../../models/router.ts'
import type { Model } from '../../types.ts'

export const routedResponse = routing(fitted)

function fitted(input: RoutedInput, model: Model): Record<string, unknown> {
  const left = { ...input }
  for (const name of ['temperature', 'top_p', 'top_logprobs'])
    if (model.refuses.includes(name)) Reflect.deleteProperty(left, name)
  const { reasoning, text, service_tier: tier } = input
  if (isLeftOut('service_tier', tier, tiersOf(model))) Reflect.deleteProperty(left, 'service_tier')
  if (isObject(reasoning) && isLeftOut('reasoning_effort', reasoning['effort'], supportedEfforts(model)))
    left['reasoning'] = without(reasoning, 'effort')
  if (isObject(text) && isLeftOut('verbosity', text['verbosity'], verbositiesOf(model)))
    left['text'] = without(text, 'verbosity')
  return left
}

const without = (value: RoutedInput, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
