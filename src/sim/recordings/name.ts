/**
 * Names of documents, made and checked here alone. A name is one or more segments with `/` between them, and whatever
 * a client sends as a path, no name leads out of its folder or container.
 */
import { createHash } from 'node:crypto'
import { Memo } from '../base/memo.ts'
import { StoreError } from '../storage/store-error.ts'

/** Leaves room for the key below file systems' 255 bytes a segment and the service's 1,024 characters a blob's name. */
const longestSegment = 100
const longestFolder = 600
const longestName = 900
const maxSegments = 60
/** Bytes of a file's name, on every file system that there is. */
const longestFile = 255

/** Two slashes are one to the service. */
export const foldPath = (path: string) => path.replace(/\/{2,}/g, '/')

/** Clients use few paths, again and again. */
const folders = new Memo<string, string>(1000)

/** The folder of a request's path. Different paths have different folders. */
export const folderOf = (path: string): string => folders.of(path, makeFolder)

function makeFolder(path: string): string {
  const segments = foldPath(path).replace(/^\//, '').split('/')
  if (segments.length === 1 && segments[0] === '') return ''
  const safe = segments.map(toSegment)
  const folder = safe.join('/')
  if (folder.length <= longestFolder && safe.length <= maxSegments) return `${folder}/`
  return `${safe.slice(0, 4).join('/')}/=h${hashOf(segments.slice(4).join('/'))}/`
}

/** The document of the first answer to a request. */
export const documentName = (path: string, key: string) => `${folderOf(path)}${key}.yaml`

/** `nth` counts the answers to one request from 1. */
export const nthName = (first: string, nth: number) => (nth === 1 ? first : first.replace(/yaml$/, `${nth}.yaml`))

/** A document whose request is only known by the md5 of its body. */
export const md5Name = (path: string, bodyMd5: string) => `${folderOf(path)}md5-${bodyMd5}.yaml`

/** The Python simulator keeps one file a path, in the folder itself. `undefined` where it cannot have one. */
export function legacyName(path: string): string | undefined {
  const name = `${decoded(foldPath(path))
    .replace(/^\/+|\/+$/g, '')
    .replaceAll('/', '_')}.yaml`
  return isName(name) && Buffer.byteLength(name) <= longestFile ? name : undefined
}

/** The path as a person reads it; as it was sent where it is not valid. */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

export const isDocument = (name: string) => /\.ya?ml$/.test(name)

export const fileOf = (name: string) => name.slice(name.lastIndexOf('/') + 1)

/** Throws for a name that a store must not touch. */
export function checkName(name: string): string {
  if (isName(name)) return name
  throw new StoreError(`Not a recording's name: ${JSON.stringify(name.slice(0, 200))}`)
}

/**
 * Segments that are hidden, empty or hold a character that some store, shell or URL reads in a way of its own are
 * refused, whoever made the name.
 */
export function isName(name: string): boolean {
  if (name.length === 0 || name.length > longestName) return false
  const segments = name.split('/')
  return (
    segments.length <= maxSegments + 2 &&
    segments.every(
      (part) =>
        /^[^.\\%\0-\x1f\x7f-\x9f:*?"<>|\ufffe\uffff][^\\%\0-\x1f\x7f-\x9f:*?"<>|\ufffe\uffff]{0,199}$/.test(part) &&
        !part.endsWith('.'),
    )
  )
}

/** Reversible: what is not plainly safe is written as `=` and two hexadecimal digits a byte. */
function toSegment(segment: string): string {
  if (segment === '') return '='
  const encoded = segment
    .replace(/[^A-Za-z0-9._-]/gu, (character) => escaped(character))
    .replace(/^\.|\.$/g, '=2E')
    // Names that Windows keeps for devices.
    .replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, (device) => `${escaped(device.slice(0, 1))}${device.slice(1)}`)
  return encoded.length <= longestSegment ? encoded : `${encoded.slice(0, 60)}=h${hashOf(segment)}`
}

const escaped = (character: string) =>
  [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

/** `h` is no hexadecimal digit, so that a hash is never taken for an escape. */
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)
