/** How many units of provisioned throughput a load needs, as Microsoft's pages work it out. */
import type { Model, Provisioning, Sku } from '../types.ts'
import { provisioningOf } from './provisioned.ts'
import { reachOf } from './sku.ts'

export type Tokens = { readonly prompt: number; readonly cached: number; readonly completion: number }

/** A model as one type of provisioned deployment. */
export type Sized = Provisioning & { readonly min: number; readonly step: number }

export const provisionedSkus = [
  'GlobalProvisionedManaged',
  'DataZoneProvisionedManaged',
  'ProvisionedManaged',
] as const satisfies readonly Sku[]

/** Undefined where the model is not to be had as that type. */
export function sizedAs(model: Model, sku: Sku): Sized | undefined {
  const provisioning = provisioningOf(model)
  const steps = provisioning && stepsOf(provisioning, sku)
  return provisioning && steps && { ...provisioning, ...steps }
}

/** The least number of units and the step; undefined where it is not to be had as that type. */
export function stepsOf({ global, regional, isGlobalOnly }: Provisioning, sku: Sku) {
  const reach = reachOf(sku)
  if (reach === 'regional') return regional
  return reach === 'dataZone' && isGlobalOnly ? undefined : global
}

/** What tokens count for, in input tokens. */
export const inputTokensOf = (
  { prompt, cached, completion }: Tokens,
  { cachedRatio, outputRatio }: Pick<Provisioning, 'cachedRatio' | 'outputRatio'>,
): number => prompt - cached + cachedRatio * cached + outputRatio * completion

/** The least number that can be bought and does for so many input tokens a minute. */
export function unitsFor(inputTokensPerMinute: number, { inputTokensPerMinute: each, min, step }: Sized): number {
  const exact = inputTokensPerMinute / each
  return min + Math.max(0, Math.ceil((exact - min) / step - 1e-9)) * step
}
