/** What a request asks for that is refused, or answered by an extension, before it is read: for the journal. */
import { isFormData, parseForm } from '../base/form.ts'
import type { Match, Resource } from '../operation.ts'
import type { Wire } from '../types.ts'
import { parseJsonObject } from './body.ts'

export type AskedFor = { deployment?: string; stream?: boolean }

/** What a body is read for that is not otherwise needed. */
export const maxPeekedBytes = 1_048_576

type Input = Record<string, unknown> | FormData | undefined

export const isStreamAsked = (input: Input): boolean =>
  isFormData(input) ? input.get('stream') === 'true' : input?.['stream'] === true

/** The same of a body that nobody has read yet. */
export function isStreamIn({ bytes, contentType }: Pick<Wire, 'bytes' | 'contentType'>): boolean {
  if (bytes.length === 0 || bytes.length > maxPeekedBytes) return false
  return isStreamAsked(parseJsonObject(bytes) ?? formIn(bytes, contentType))
}

const formIn = (bytes: Uint8Array, contentType: string) =>
  contentType.startsWith('multipart/') ? parseForm(bytes, contentType) : undefined

/** What the body names in a model's place. */
export function placedIn(match: Match, input: Input, resource: Resource): string | undefined {
  const { operation } = match
  if (operation.scope !== 'deployment' || input === undefined || isFormData(input)) return undefined
  return operation.modelOf?.(input, match, resource)
}

/** By the path, or by the body that bears it. */
export function askedFor(match: Match, input: Input, resource: Resource): AskedFor {
  const { operation, params } = match
  if (operation.scope !== 'deployment') return {}
  const model = isFormData(input) ? input.get('model') : input?.['model']
  const deployment =
    params['deployment'] ?? placedIn(match, input, resource) ?? (typeof model === 'string' ? model : undefined)
  return { ...(deployment !== undefined && { deployment }), stream: isStreamAsked(input) }
}

export const inputOf = (bytes: Uint8Array, contentType: string): Input =>
  bytes.length > maxPeekedBytes ? undefined : (parseJsonObject(bytes) ?? formIn(bytes, contentType))
