/** Fields that several families take from the model and from the time of the request. */
import { hashText32, hexText, seededRandom } from '../../random.ts'
import type { Call } from '../../operation.ts'
import type { Model } from '../../types.ts'
import { byName, isNamed } from '../../models/by-name.ts'

export const createdSeconds = ({ receivedAtMs }: Call) => Math.floor(receivedAtMs / 1000)
export const servedName = ({ deployment: { model } }: Call) => quoted({ name: model.servedName })
const quoted = byName((name) => JSON.stringify(name))

/** Of the backend's build: the same for a model until it changes; the newest families and the oldest send none (recorded 2024-2026). */
export function fingerprint({ promptFormat, servedName: name, version }: Model): string {
  if (promptFormat === 'gpt-5' || (isOld({ name }) && oldest.has(version))) return 'null'
  let known = fingerprints.get(name)
  if (known === undefined) {
    known = `"fp_${hexText(seededRandom(hashText32(name)), 10)}"`
    fingerprints.set(name, known)
  }
  return known
}

const isOld = isNamed(/^gpt-(?:35|4-?(?:32k|0|$))/)
const oldest = new Set(['0301', '0314', '0613'])

/** One a model of the catalogue. */
const fingerprints = new Map<string, string>()
