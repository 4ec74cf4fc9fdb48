/** A request to a model router as the chosen model takes it: what that one does not take is left out, as chat does it. */
import { isObject } from '../../base/object.ts'
import { tiersOf, verbositiesOf } from '../../models/abilities.ts'
import { supportedEfforts } from '../../measure/reasoning.ts'
import type { Model } from '../../types.ts'

export function fittedRequest(input: Record<string, unknown>, model: Model): Record<string, unknown> {
  const fitted = { ...input }
  for (const name of ['temperature', 'top_p', 'top_logprobs'])
    if (model.refuses.includes(name)) Reflect.deleteProperty(fitted, name)
  const { reasoning, text, service_tier: tier } = input
  if (typeof tier === 'string' && tiers.includes(tier) && !tiersOf(model).includes(tier))
    Reflect.deleteProperty(fitted, 'service_tier')
  fitted['reasoning'] = without(reasoning, 'effort', efforts, supportedEfforts(model))
  fitted['text'] = without(text, 'verbosity', verbosities, verbositiesOf(model))
  for (const name of ['reasoning', 'text']) if (fitted[name] === undefined) Reflect.deleteProperty(fitted, name)
  return fitted
}

function without(value: unknown, name: string, known: readonly string[], taken: readonly string[]): unknown {
  if (!isObject(value)) return value
  const member = value[name]
  if (typeof member !== 'string' || !known.includes(member) || taken.includes(member)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
}

/** What no model takes is refused as it is elsewhere. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']
const verbosities = ['low', 'medium', 'high']
const tiers = ['flex', 'priority']
