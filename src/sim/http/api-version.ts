/** Which api-versions each surface has, and what it answers to others. */
import {
  apiVersionNotAllowed,
  apiVersionNotSupported,
  missingApiVersion,
  versionTooOld,
} from '../errors/api-version.ts'
import { resourceNotFound } from '../errors.ts'
import type { Match } from '../operation.ts'
import type { Target } from '../types.ts'

/**
 * Throws what the service answers to an api-version that the surface does not have. `hasGates`: an operation is missed
 * in the dated versions before its own; what gates bodies and models is in `version-gates.ts`.
 */
export function checkVersion(match: Match, { path, query }: Target, hasGates: boolean): void {
  const version = query.get('api-version')
  if (match.surface === 'dated') checkDatedVersion(match, version, hasGates)
  else if (match.surface === 'inference') checkInferenceVersion(version)
  else if (match.surface === 'v1') checkV1Version(path, version)
}

function checkDatedVersion({ params, since }: Match, version: string | null, hasGates: boolean): void {
  if (version === null) throw resourceNotFound()
  // `preview` was a name of the resource's own operations (of the Responses API, at first), and of no deployment's.
  if (version === 'preview' && (since?.name || params['deployment'] === undefined)) return
  if (!datedVersions.has(version)) throw resourceNotFound()
  if (!hasGates || !since || version >= since.version) return
  throw since.name === undefined ? resourceNotFound() : versionTooOld(since.name, since.version)
}

/** A project's v1 surface takes none at all (quoted by users). */
function checkV1Version(path: string, version: string | null): void {
  if (version === null) return
  if (projectPath.test(path)) throw apiVersionNotAllowed()
  if (version !== 'v1' && version !== 'preview' && version !== '') throw apiVersionNotSupported()
}

const projectPath = /^\/+api\//

/** The API has few versions of its own; those of the dated surface are understood, too. */
function checkInferenceVersion(version: string | null): void {
  if (version === null || version === '') throw missingApiVersion()
  if (!inferenceVersions.has(version) && !datedVersions.has(version)) throw apiVersionNotSupported()
}

const inferenceVersions: ReadonlySet<string> = new Set(['2025-04-01', '2025-05-01', '2025-05-15-preview'])

/** Every dated version that the service has had; old ones keep working (recorded traffic of 2026). */
const datedVersions: ReadonlySet<string> = new Set([
  '2022-12-01',
  '2023-05-15',
  '2024-02-01',
  '2024-06-01',
  '2024-10-21',
  ...[
    '2022-03-01 2022-06-01 2023-03-15 2023-06-01 2023-07-01 2023-08-01 2023-09-01 2023-10-01 2023-12-01 2024-02-15',
    '2024-03-01 2024-04-01 2024-05-01 2024-07-01 2024-08-01 2024-09-01 2024-10-01 2024-12-01 2025-01-01 2025-02-01',
    '2025-03-01 2025-04-01',
  ]
    .join(' ')
    .split(' ')
    .map((date) => `${date}-preview`),
])
