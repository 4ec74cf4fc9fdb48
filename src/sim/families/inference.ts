/** The model inference API of a Foundry resource. */
import { apiVersionNotSupported, missingApiVersion } from '../errors/api-version.ts'
import { apiNotSupported, noModelName } from '../errors/inference.ts'
import { resourceNotFound } from '../errors.ts'
import type { Family } from '../operation.ts'
import { datedVersions } from '../base/dated-versions.ts'

const names = ['2025-04-01', '2025-05-01', '2025-05-15-preview']
const versions: ReadonlySet<string> = new Set(names)

export const inference: Family = {
  name: 'inference',
  versions: names,
  prefix: '/models',
  // Its clients send the key so, as users tell.
  takesBearerKey: true,
  /** It has few versions of its own; those of the dated surface are understood, too. */
  checkVersion(_, version) {
    if (version === null || version === '') throw missingApiVersion()
    if (!versions.has(version) && !datedVersions.has(version)) throw apiVersionNotSupported()
  },
  pathNotFound: resourceNotFound,
  modelMissing: noModelName,
  modelUnfit: apiNotSupported,
}
