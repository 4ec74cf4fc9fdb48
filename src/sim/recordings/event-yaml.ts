/** A server-sent event as lines of a document, and back. */
import { fromJsonText, toJsonText } from './json-text.ts'

/**
 * What an event says, where it has the usual form: at most a name, and one line of data. JSON stands there as it is,
 * since that is YAML too.
 */
export function eventLines(text: string): readonly string[] {
  const parts = eventParts(text)
  if (!parts) return [`text: ${quoted(text)}`]
  const { event: name, data } = parts
  return [
    ...(name === undefined ? [] : [`event: ${/^[a-z]+([._][a-z]+)*$/.test(name) ? name : quoted(name)}`]),
    `data: ${isPlainJson(data) ? printable(data) : quoted(data)}`,
  ]
}

/** An event's name and its one line of data, where it has that form. */
export function eventParts(text: string): { readonly event: string | undefined; readonly data: string } | undefined {
  const found = /^(?:event: ([^\r\n]+)\n)?data: ([^\r\n]+)\n\n$/.exec(text)
  return found?.[2] === undefined ? undefined : { event: found[1], data: found[2] }
}

/** What goes over the wire for the fields of an event, after any editing. */
export function eventText(event: string | undefined, data: unknown): string {
  const line = typeof data === 'string' ? data : isDone(data) ? '[DONE]' : toJsonText(data)
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${line}\n\n`
}

/** Without quotes YAML reads `[DONE]` as a list of one word; the list itself is never written so. */
const isDone = (data: unknown) => Array.isArray(data) && data.length === 1 && data[0] === 'DONE'

/** Structured, and such that the same text comes out of its value. */
function isPlainJson(data: string): boolean {
  if (!/^[[{]/.test(data) || data === '["DONE"]') return false
  const spelling = fromJsonText(data)?.spelling
  return spelling !== undefined && Object.keys(spelling).length === 0
}

/**
 * JSON is YAML but for its bounds: how deep brackets may go, and how long the name of a field may be. What is quoted as
 * a whole is JSON as well.
 */
export function isSurelyYaml(text: string): boolean {
  return text.length < 10_000 && (text.match(/[[{]/g)?.length ?? 0) < 50 && !/"[^"]{900,}"\s*:/.test(text)
}

const quoted = (text: string) => printable(JSON.stringify(text))

/** YAML refuses some characters as they are; in a JSON text they are only ever between quotes. */
const printable = (json: string) =>
  json.replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
