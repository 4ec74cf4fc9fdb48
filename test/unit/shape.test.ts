import { describe, expect, it } from 'vitest'
import { bodyDifferences, headerDifferences, valueDifferences } from '../support/shape.ts'

describe('the comparer of shapes', () => {
  it('finds no difference in what is said', () => {
    expect(valueDifferences({ a: 1, b: ['x'], c: null }, { a: 2, b: ['y', 'z'], c: null })).toEqual([])
  })

  it.each([
    [{ a: 1 }, { a: 1, b: 2 }, 'b: not in the recording'],
    [{ a: 1, b: { c: 2 } }, { a: 1, b: {} }, 'b.c: missing'],
    [{ a: null }, { a: 'text' }, 'a: string instead of null'],
    [{ a: [] }, { a: {} }, 'a: an object instead of a list'],
    [{ a: [] }, { a: [1] }, 'a[]: items where the recording has none'],
    [{ a: [1] }, { a: [] }, 'a[]: empty'],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, 'body: keys in the order b, a'],
    [{ a: [{ b: 1 }, { c: 1 }] }, { a: [{ c: 2 }, { b: 'x' }] }, 'a[].b: string instead of number'],
  ])('of %j and %j says what differs and where', (recorded, ours, difference) => {
    expect(valueDifferences(recorded, ours)).toEqual([difference])
  })

  it('tells how the text is laid out', () => {
    expect(bodyDifferences('{\n  "a": 1\n}\n', '{"a":1}')).toEqual([
      'layout: compact instead of indented by 2 with a closing newline',
    ])
  })

  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\n\n`
  const end = 'data: [DONE]\n\n'

  it('counts no events, but minds their order', () => {
    const stream = (words: number) =>
      chunk({ role: 'assistant' }) + chunk({ content: 'x' }).repeat(words) + chunk({}, 'stop') + end
    expect(bodyDifferences(stream(2), stream(9))).toEqual([])
    expect(bodyDifferences(stream(2), chunk({ role: 'assistant' }) + end)).toEqual([
      'events: role > [DONE] instead of role > content > finish > [DONE]',
    ])
  })

  it('compares each event with those of its kind', () => {
    expect(bodyDifferences(chunk({ content: 'x' }) + end, chunk({ content: 'y', more: 1 }) + end)).toEqual([
      'content.choices[].delta.more: not in the recording',
    ])
    const named = (data: object) => `event: response.created\ndata: ${JSON.stringify(data)}\n\n`
    expect(bodyDifferences(named({ type: 'response.created', a: 1 }), named({ type: 'response.created' }))).toEqual([
      'response.created.a: missing',
    ])
  })

  it('compares headers by name and kind of value, where the recording does not hide it', () => {
    const guid = '698949ee-80e6-4ff4-85b9-3facb618d675'
    expect(headerDifferences({ a: guid, b: '60', c: 'X-XXX' }, { a: guid, b: '7', c: '1' })).toEqual([])
    expect(headerDifferences({ a: guid, b: 'False', d: 'x' }, { a: '1', b: 'false', e: 'y' })).toEqual([
      'header a: a whole number instead of a guid',
      'header b: "false" instead of "False"',
      'header e: not in the recording',
      'header d: missing',
    ])
  })
})
