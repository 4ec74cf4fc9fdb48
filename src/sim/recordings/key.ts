/** When two requests are the same request: method, path and body, but for what a client may spell as it likes. */
import { createHash, hash } from 'node:crypto'
import { formParts } from '../base/form.ts'
import { Memo } from '../base/memo.ts'
import { decodedText } from './body.ts'
import { canonicalJson, type IgnoreTree, ignoreTree } from './canonical-json.ts'
import type { Sought } from './interaction.ts'
import { jsonByValue } from './json-value.ts'
import { boundaryOf, splitMultipart } from './multipart.ts'
import { foldPath } from './name.ts'

/** 32 hexadecimal digits. */
export type KeyOf = (sought: Sought) => string

/** `ignore` names body fields that do not count: `user`, `metadata.session`. */
export function keyMaker(ignore: readonly string[] = []): KeyOf {
  const work = keyBy(jsonByValue, formByValue, ignore)
  /** Clients send the same bytes again and again, and to hash them takes a tenth of the time. */
  const known = new Memo<string, string>(2_000)
  return (sought) => {
    const { method, path, contentType, bytes } = sought
    const exact = `${hash('sha256', bytes, 'base64')} ${method} ${path} ${contentType}`
    return exact.length < maxExact ? known.of(exact, () => work(sought)) : work(sought)
  }
}

/** All that is known is then a megabyte at most. */
const maxExact = 500

/** Keys as they were when bodies were compared by their spelling: what was kept under one is found by it. */
export const formerKeyOf = (ignore: readonly string[] = []): KeyOf => keyBy(canonicalJson, formBySpelling, ignore)

type Ignore = IgnoreTree | undefined
type JsonForm = (text: string, ignore: Ignore) => string | undefined
type FormForm = (bytes: Uint8Array, contentType: string, ignore: Ignore) => readonly Uint8Array[] | undefined

function keyBy(ofJson: JsonForm, ofForm: FormForm, ignore: readonly string[]): KeyOf {
  const tree = ignoreTree(ignore)
  /** The kind comes first, so that no body of one kind can be taken for one of another. */
  const canonical = (contentType: string, bytes: Uint8Array): string | readonly Uint8Array[] => {
    if (bytes.length === 0) return ''
    const parts = ofForm(bytes, contentType, tree)
    if (parts) return parts
    const text = decodedText(bytes)
    const json = text === undefined ? undefined : ofJson(text, tree)
    return json === undefined ? [Buffer.from('bytes\n'), bytes] : `json\n${json}`
  }
  return ({ method, path, contentType, bytes }) => {
    const start = `${method.toUpperCase()} ${foldPath(path)}\n`
    return digest(start, canonical(contentType, bytes)).slice(0, 32)
  }
}

/** In one go where it is all text, as it mostly is: that is quicker. */
function digest(start: string, body: string | readonly Uint8Array[]): string {
  if (typeof body === 'string') return hash('sha256', start + body)
  const digested = createHash('sha256').update(start)
  for (const piece of body) digested.update(piece)
  return digested.digest('hex')
}

/** Each part by its name, its file's name and type, and its content, which the length before it keeps apart. */
function formByValue(bytes: Uint8Array, contentType: string, ignore: Ignore): readonly Uint8Array[] | undefined {
  const parts = formParts(bytes, contentType)?.filter(({ name }) => ignore?.get(name) !== true)
  if (!parts) return undefined
  const pieces = parts.flatMap((part) => {
    const content = 'text' in part ? Buffer.from(part.text) : part.bytes
    const file = 'text' in part ? [] : [part.filename, part.type.toLowerCase()]
    return [Buffer.from(JSON.stringify([part.name, ...file, content.length])), content]
  })
  return [Buffer.from('form\n'), ...pieces]
}

function formBySpelling(bytes: Uint8Array, contentType: string, ignore: Ignore): readonly Uint8Array[] | undefined {
  const boundary = boundaryOf(contentType)
  const parts = boundary === undefined ? undefined : splitMultipart(bytes, boundary)
  const counted = parts?.filter(({ name }) => name === undefined || ignore?.get(name) !== true)
  return counted && [Buffer.from('multipart\n'), ...counted.flatMap((part) => [steadyBoundary, part.bytes])]
}

const steadyBoundary = Buffer.from('\n--\n')
