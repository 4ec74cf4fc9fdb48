/** The deployments that the verdict knows of: those that are configured, and those that were asked. */
import type { Config } from '../config/config.ts'
import type { FindDeployment } from '../operation.ts'
import type { Evidence } from '../verdict/mark.ts'
import type { Sightings } from '../verdict/sightings.ts'

export function knownDeployments(
  { deployments }: Config,
  sightings: Sightings,
  find: FindDeployment,
): Evidence['deployments'] {
  const asked = sightings.all().flatMap(({ deployment }) => (deployment === undefined ? [] : [deployment]))
  return [...new Set([...Object.keys(deployments), ...asked])].flatMap((name) => {
    const found = find(name)
    if (!found) return []
    return [{ name, model: found.model.name, isProvisioned: found.throughput !== undefined }]
  })
}
