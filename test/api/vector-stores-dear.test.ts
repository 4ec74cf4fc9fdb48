/** What would take long: searches with too much in them, files whose text is hard to find or has no end. */
import { expect, it } from 'vitest'
import { deflateRawSync } from 'node:zlib'
import { textOfFile } from '../../src/sim/kept/file-text.ts'
import { testSimulator } from '../support/simulator.ts'

it('refuses more queries, and deeper filters, than anybody asks for', async () => {
  const simulator = testSimulator()
  const { id } = (await (await simulator.post('/openai/v1/vector_stores', {})).json()) as { readonly id: string }
  const search = async (body: object) => {
    const response = await simulator.post(`/openai/v1/vector_stores/${id}/search`, { query: 'a', ...body })
    return { status: response.status, text: await response.text() }
  }
  const eq = { type: 'eq', key: 'k', value: 'v' }
  const within = (depth: number): object => (depth === 0 ? eq : { type: 'and', filters: [within(depth - 1)] })
  expect(await search({ query: Array.from({ length: 101 }, () => 'a') })).toMatchObject({ status: 400 })
  expect((await search({ filters: within(2_000) })).text).toContain('filters')
  expect(await search({ filters: within(20) })).toMatchObject({ status: 200 })
  const wrong = Array.from({ length: 90 }, (_, at) => (at === 70 ? { type: 'eq', key: 'k', value: [] } : eq))
  expect((await search({ filters: { type: 'or', filters: wrong } })).text).toContain('filters.filters[70].value')
})

/** Whatever it yields. */
const atOnce = <T>(work: Generator<undefined, T>): Promise<T> => {
  for (;;) {
    const next = work.next()
    if (next.done === true) return Promise.resolve(next.value)
  }
}
const read = async (text: string | Uint8Array, name: string) => textOfFile(Buffer.from(text), name, atOnce)

it('reads the text of markup, whatever has no end', async () => {
  const html =
    '<html><head><title>T</title><style>p > a {}</style><SCRIPT>if (a < b) c()</SCRIPT ></head><!-- <p>no</p> --><h1>One &amp; two</h1><p>a\n\n\n b&#65;&#x42; &nope;</p>1 < 2 and 2<3'
  expect(await read(html, 'a.html')).toEqual({ text: 'T One & two\na\n\nbAB &nope;\n1 < 2 and 2<3' })
  expect(await read(`words ${'<a><!--<b '.repeat(40_000)}`, 'a.html')).toMatchObject({
    text: expect.stringMatching(/^words/) as string,
  })
  expect(await read(`words ${'<style '.repeat(40_000)}`, 'a.html')).toMatchObject({
    text: expect.stringMatching(/^words/) as string,
  })
  expect(await read(`words ${'\r'.repeat(200_000)}end`, 'a.html')).toMatchObject({
    text: expect.stringMatching(/end$/) as string,
  })
})

it('reads no file that unfolds to many times what it is', async () => {
  const name = Buffer.from('word/document.xml')
  const part = (xml: Buffer) => {
    const packed = deflateRawSync(xml)
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50)
    header.writeUInt16LE(8, 8)
    header.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt16LE(name.length, 28)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(30 + name.length + packed.length, 16)
    return Buffer.concat([header, name, packed, entry, name, end])
  }
  expect(await read(part(Buffer.from('<w:p>some words</w:p><w:p>more</w:p>')), 'a.docx')).toEqual({
    text: 'some words\nmore',
  })
  expect(await read(part(Buffer.alloc(20_000_000, '<w:p>a</w:p>')), 'a.docx')).toMatchObject({
    fault: 'The file could not be parsed.',
  })
  expect(await read('PK, but no ZIP', 'a.docx')).toMatchObject({ fault: 'The file could not be parsed.' })
})
