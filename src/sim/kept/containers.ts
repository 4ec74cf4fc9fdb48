/** The containers that a resource keeps for its code interpreters, and the files in them. */
import { isObject } from '../base/object.ts'
import { keptShelf, mergedById } from '../base/kept-shelf.ts'
import type { Resource } from '../operation.ts'
import { hexText } from '../random.ts'
import { storedFiles, toSeconds } from './stored-files.ts'

export type ContainerFile = {
  readonly id: string
  readonly path: string
  readonly bytes: Uint8Array
  readonly createdAtMs: number
  readonly source: 'user' | 'assistant'
}

export type NetworkPolicy = { readonly type: string; readonly allowed_domains?: readonly string[] }

export type Container = {
  readonly id: string
  readonly name: string
  readonly createdAtMs: number
  readonly expiresAfterMinutes: number
  readonly memoryLimit: string
  /** Without what it may say to the hosts that it reaches. */
  readonly networkPolicy?: NetworkPolicy | undefined
  lastActiveAtMs: number
  readonly files: Map<string, ContainerFile>
}

/** For `resource.shelf`. */
export const containers = keptShelf<Container>({
  kind: 'containers',
  ids: /cntr_[0-9a-f]{48}\b/g,
  bytesOf: ({ files }) => [...files.values()].reduce((sum, { bytes }) => sum + 300 + bytes.length, 500),
  merge: (mine, theirs, since) => ({
    ...mine,
    lastActiveAtMs: Math.max(mine.lastActiveAtMs, theirs.lastActiveAtMs),
    files: mergedById(mine.files, theirs.files, since, ({ createdAtMs }) => createdAtMs),
  }),
})

/** A prefix, the second of the making, then digits (recorded February 2026). */
const idOf = ({ random, clock }: Resource, prefix: string, digits: number) =>
  `${prefix}_${toSeconds(clock.now()).toString(16).padStart(8, '0')}${hexText(random, digits)}`

export type Making = {
  readonly name?: string
  readonly expiresAfterMinutes?: number
  readonly memoryLimit?: string
  /** As the client gives it. */
  readonly networkPolicy?: unknown
}

export function makeContainer(
  resource: Resource,
  { name, expiresAfterMinutes, memoryLimit, networkPolicy: asked }: Making = {},
): Container {
  const nowMs = resource.clock.now()
  const networkPolicy = policyIn(asked)
  const made: Container = {
    id: idOf(resource, 'cntr', 40),
    name: name ?? 'auto',
    createdAtMs: nowMs,
    expiresAfterMinutes: expiresAfterMinutes ?? 20,
    memoryLimit: memoryLimit ?? '1g',
    ...(networkPolicy && { networkPolicy }),
    lastActiveAtMs: nowMs,
    files: new Map(),
  }
  resource.shelf(containers).put(made)
  return made
}

function policyIn(asked: unknown): NetworkPolicy | undefined {
  if (!isObject(asked) || (asked['type'] !== 'allowlist' && asked['type'] !== 'disabled')) return undefined
  const { type, allowed_domains: domains } = asked
  return Array.isArray(domains) ? { type, allowed_domains: domains.filter((one) => typeof one === 'string') } : { type }
}

export const isRunning = ({ lastActiveAtMs, expiresAfterMinutes }: Container, { clock }: Pick<Resource, 'clock'>) =>
  clock.now() < lastActiveAtMs + expiresAfterMinutes * 60_000

type NewFile = {
  /** As it is called, or will be where it is called after its id. */
  readonly name: string | ((id: string) => string)
  readonly bytes: Uint8Array
  readonly source: ContainerFile['source']
}

export function putFile(resource: Resource, container: Container, { name, bytes, source }: NewFile): ContainerFile {
  const id = idOf(resource, 'cfile', 24)
  const called = typeof name === 'string' ? name : name(id)
  const file: ContainerFile = {
    id,
    path: `/mnt/data/${called.replace(/^.*[\\/]/, '')}`,
    bytes,
    createdAtMs: resource.clock.now(),
    source,
  }
  container.files.set(file.id, file)
  container.lastActiveAtMs = file.createdAtMs
  resource.shelf(containers).put(container)
  return file
}

/** A file of the resource, copied; it is called after its id, too (recorded). */
export function copyFile(resource: Resource, container: Container, fileId: string): ContainerFile | undefined {
  const found = resource.shelf(storedFiles).get(fileId)
  if (!found) return undefined
  return putFile(resource, container, { name: `${fileId}-${found.filename}`, bytes: found.bytes, source: 'user' })
}
