/** How long an answer's vectors are: as the request asks, else as the deployment says, else as its model makes them. */
import { dimensionsNotSupported, dimensionsTooLarge } from '../../errors.ts'
import type { VectorLength } from '../../generators/vectors.ts'
import type { Deployment, Model } from '../../types.ts'

export function vectorLength(asked: number | undefined, deployment: Deployment): VectorLength {
  const modelSize = deployment.model.dimensions?.size ?? 1536
  const size = asked ?? deployment.dimensions ?? modelSize
  return { size, fullSize: Math.max(size, modelSize) }
}

export function refuseDimensions(asked: number | undefined, { dimensions: length }: Model): void {
  if (asked === undefined) return
  if (!length?.isAdjustable) throw dimensionsNotSupported()
  if (asked > length.size) throw dimensionsTooLarge(length.size, asked)
}
