/** Heads that are put together by ourselves, held to what node makes of the same headers. */
import { createServer, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { LeanResponse, writeLines } from '../../src/host/node-head.ts'

type Headers = Record<string, string>
type Write = (outgoing: ServerResponse, status: number, headers: Headers) => void

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** What goes over the wire for one head after another, on a connection each. */
async function wired(kind: typeof ServerResponse, write: Write, heads: readonly (readonly [number, Headers])[]) {
  let next = 0
  const server = createServer({ ServerResponse: kind, keepAliveTimeout: 0 }, (_, outgoing) => {
    const [status, headers] = heads[next++]!
    try {
      write(outgoing, status, headers)
      outgoing.end(headers['Content-Length'] === '2' ? 'hi' : '')
    } catch (error) {
      outgoing.writeHead(500, { Connection: 'close' }).end((error as { code: string }).code)
    }
  })
  server.listen(0, '127.0.0.1')
  closing.push(() => server.close())
  await once(server, 'listening')
  const answers: string[] = []
  for (const _ of heads) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const answer = await text(socket)
    // Node has set the phrase of the head that came to nothing by then.
    answers.push(sorted(answer.replace(/Date: .* GMT/, 'Date: now').replace('500 OK', '500 Internal Server Error')))
  }
  return answers
}

/** Those that Node writes come first. */
function sorted(answer: string): string {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [first = '', ...headers] = head.split('\r\n')
  return [[first, ...headers.toSorted()].join('\r\n'), ...rest].join('\r\n\r\n')
}

const both = async (heads: readonly (readonly [number, Headers])[]) => {
  const node = await wired(ServerResponse, (outgoing, status, headers) => outgoing.writeHead(status, headers), heads)
  const ours = await wired(LeanResponse, writeLines, heads)
  return { node, ours }
}

describe('a head of lines', () => {
  it('has what node makes of the same headers, whatever came before', async () => {
    const usual = { 'Content-Type': 'application/json', 'x-a': '1', 'Content-Length': '2', 'x-b': 'two' }
    const { node, ours } = await both([
      [200, usual],
      [200, { ...usual, 'x-a': '2' }],
      [404, { 'x-b': 'two', 'Content-Length': '0', 'Content-Type': 'text/plain' }],
      [200, usual],
      [200, { 'Content-Type': 'text/event-stream', 'x-a': 'é', 'x-b': 'tab\there' }],
      [204, { 'x-a': '1' }],
      [200, {}],
      [200, { 'content-LENGTH': '0', 'x-last': '' }],
      [200, { 'Content-Length': '0', Connection: 'close', 'x-a': '1' }],
      [200, { 'x-a': '1', Date: 'Thu, 01 Jan 1970 00:00:00 GMT', 'Content-Length': '0' }],
      [200, { 'Transfer-Encoding': 'chunked', 'x-a': '1' }],
      [200, { __proto__: 'x', constructor: 'y', 'Content-Length': '0' }],
    ])
    expect(ours).toEqual(node)
    expect(ours[1]).toContain('x-a: 2\r\nx-b: two\r\n\r\nhi')
  })

  it.each<[string, Headers]>([
    ['a line break in a value', { 'x-a': '1\r\nx-evil: 1' }],
    ['a line feed in a value', { 'x-a': '1\nx-evil: 1' }],
    ['a control character in a value', { 'x-a': '1\u0000' }],
    ['what is no Latin 1', { 'x-a': 'Ā' }],
    ['a line break in a name', { 'x-a\r\nx-evil': '1' }],
    ['a space in a name', { 'x a': '1' }],
    ['no name', { '': '1' }],
  ])('is refused with node’s own error for %s, also where the last was good', async (_, headers) => {
    const good: readonly [number, Headers] = [200, { 'x-a': '1' }]
    const { node, ours } = await both([good, [200, headers], good, [200, { ...headers, 'x-b': '1' }]])
    expect(ours).toEqual(node)
    expect(ours[1]).toContain('HTTP/1.1 500')
    expect(ours.join('')).not.toMatch(/^x-evil/m)
  })
})
