/** Types of deployments, and which of them process data in the same place. */
import type { Sku } from '../types.ts'

export const isProvisioned = (sku: Sku | undefined): boolean => sku?.includes('Provisioned') === true

/** Where it processes data: everywhere, in its data zone, or in its region. */
export function reachOf(sku: Sku): 'global' | 'dataZone' | 'regional' {
  if (sku.startsWith('Global') || sku === 'DeveloperTier') return 'global'
  return sku.startsWith('DataZone') ? 'dataZone' : 'regional'
}

/** Of a deployment that says nothing of it. */
export const usualSku: Sku = 'GlobalStandard'
