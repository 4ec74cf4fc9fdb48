/** Tiers of processing, of which only some models have more than the usual one. */
import { unsupportedChoice } from '../../errors.ts'
import { tiersOf } from '../../models/abilities.ts'
import type { Model } from '../../types.ts'

export function refuseTier(tier: string | null | undefined, model: Model): void {
  if (tier && !tiersOf(model).includes(tier)) throw unsupportedChoice('service_tier', tier)
}

/** The tier that serves a request which asks for `tier`. */
export const servedTier = (tier: string | null | undefined): string =>
  tier === 'priority' || tier === 'flex' ? tier : 'default'
