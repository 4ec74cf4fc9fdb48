import { expect, it } from 'vitest'
import { laidOut, compact, pretty, prettyLine } from '../../src/sim/base/layout.ts'
import { longListFrames } from '../../src/sim/base/list-pieces.ts'

const item = (at: number) => ({
  id: `i${at}`,
  text: 'é"\n'.repeat(60_000),
  none: undefined,
  list: [],
  of: { a: [1, null] },
})
const list = { object: 'list', data: [item(0), item(1), item(2)], first_id: 'i0', gone: undefined, has_more: false }

it.each([
  ['compact', compact],
  ['indented', pretty],
  ['indented with a newline', prettyLine],
])('is the same in pieces: %s', (_, layout) => {
  const pieces = [...(longListFrames(list, layout) ?? [])].map(({ data }) => data)
  expect(pieces.length).toBeGreaterThan(list.data.length)
  expect(pieces.join('')).toBe(laidOut(list, layout))
})

it('is written at once where it is short, or no list', () => {
  expect(longListFrames({ object: 'list', data: [1, 2] }, compact)).toBeUndefined()
  expect(longListFrames({ object: 'thing', text: 'a'.repeat(1_000_000) }, compact)).toBeUndefined()
  expect(longListFrames({ object: 'list', data: ['a'.repeat(1_000_000)] }, compact)).toBeUndefined()
})
