/** A long list in pieces: of what clients left behind one page may be a hundred megabytes. */
import type { Layout } from './layout.ts'
import type { Frame } from '../types.ts'

type List = { readonly data: readonly unknown[] }

/** Undefined where it is no list, or a short one, which is better written at once. */
export function longListFrames(body: unknown, layout: Layout): Iterable<Frame> | undefined {
  if (!isList(body) || body.data.length < 2) return undefined
  let characters = 0
  const written: string[] = []
  for (const item of body.data) {
    const text = JSON.stringify(item)
    written.push(text)
    characters += text.length
    if (characters > longCharacters) return frames(piecesOf(body, layout, written))
  }
  return undefined
}

const longCharacters = 262_144

const isList = (body: unknown): body is List =>
  typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data)

/** An item a piece; the first ones have been written on one line already. */
function* piecesOf(list: List, { indent, hasNewline }: Layout, first: readonly string[]): Generator<string> {
  const written = (value: unknown, level: number) =>
    indent === 0 ? JSON.stringify(value) : JSON.stringify(value, undefined, indent).replaceAll('\n', line(level))
  const line = (level: number) => (indent === 0 ? '' : `\n${' '.repeat(level * indent)}`)
  const members = Object.entries(list as Readonly<Record<string, unknown>>).filter(([, value]) => value !== undefined)
  for (const [at, [key, value]] of members.entries()) {
    yield `${at === 0 ? '{' : ','}${line(1)}"${key}":${indent === 0 ? '' : ' '}`
    if (value !== list.data) yield written(value, 1)
    else {
      for (const [place, item] of list.data.entries()) {
        const text = indent === 0 ? first[place] : undefined
        yield `${place === 0 ? '[' : ','}${line(2)}${text ?? written(item, 2)}`
      }
      yield `${line(1)}]`
    }
  }
  yield `${line(0)}}${hasNewline ? '\n' : ''}`
}

function* frames(pieces: Iterable<string>): Generator<Frame> {
  for (const data of pieces) yield { atMs: 0, data }
}
