/** A request to a model router as the chosen model takes it: what that one does not take is left out, as chat does it. */
import { isObject } from '../../base/object.ts'
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
  const taken: Input = { ...input }
  for (const name of ['temperature', 'top_p', 'top_logprobs'])
    if (model.refuses.includes(name)) Reflect.deleteProperty(taken, name)
  const { reasoning, text, service_tier: tier } = input
  if (typeof tier === 'string' && tiers.includes(tier) && !tiersOf(model).includes(tier))
    Reflect.deleteProperty(taken, 'service_tier')
  taken['reasoning'] = without(reasoning, 'effort', efforts, supportedEfforts(model))
  taken['text'] = without(text, 'verbosity', verbosities, verbositiesOf(model))
  for (const name of ['reasoning', 'text']) if (taken[name] === undefined) Reflect.deleteProperty(taken, name)
  return taken
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
