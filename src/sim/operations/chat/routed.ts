/**
 * A request to a model router as the chosen model takes it. Documented is that a reasoning model leaves out what it does not
 * take, and that an effort goes to the model that knows it; that the same holds for the rest is a guess.
 */
import { tiersOf, verbositiesOf } from '../../models/abilities.ts'
import { supportedEfforts } from '../../measure/reasoning.ts'
import type { Model } from '../../types.ts'

export function fittedRequest(input: Record<string, unknown>, model: Model): Record<string, unknown> {
  const fitted = { ...input }
  for (const name of model.refuses) Reflect.deleteProperty(fitted, name)
  const { max_tokens: maxTokens } = input
  if (maxTokens !== undefined && model.refuses.includes('max_tokens'))
    fitted['max_completion_tokens'] = input['max_completion_tokens'] ?? maxTokens
  const taken = {
    reasoning_effort: supportedEfforts(model),
    verbosity: verbositiesOf(model),
    service_tier: tiersOf(model),
  }
  for (const [name, values] of Object.entries(taken)) {
    const value = fitted[name]
    if (typeof value === 'string' && known[name]?.includes(value) && !values.includes(value))
      Reflect.deleteProperty(fitted, name)
  }
  return fitted
}

/** What no model takes is refused as it is elsewhere. */
const known: Readonly<Record<string, readonly string[]>> = {
  reasoning_effort: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
  verbosity: ['low', 'medium', 'high'],
  service_tier: ['auto', 'default', 'flex', 'priority'],
}
