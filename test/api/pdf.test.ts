/** PDFs in a prompt: the service counts the text of each page and a picture of it (documented). */
import { afterAll, describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator({ deployments: { four: { model: 'gpt-4o' } } })
afterAll(() => {
  expect(simulator.errors).toEqual([])
})

/** A file of its own, page by page, as short as one can be. */
function pdf(...pages: readonly string[]): string {
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + 2 * at} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((text, at) => {
      const lines = text.split('\n').map((line) => `(${line}) Tj 0 -14 Td`)
      const content = `BT /F1 12 Tf 72 720 Td ${lines.join(' ')} ET`
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * at} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]
    }),
  ]
  let text = '%PDF-1.4\n'
  const places = bodies.map((body, at) => {
    const place = text.length
    text += `${at + 1} 0 obj\n${body}\nendobj\n`
    return place
  })
  const start = text.length
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${bodies.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return `data:application/pdf;base64,${Buffer.from(text, 'latin1').toString('base64')}`
}

const chatTokens = async (data?: string) => {
  const content = [
    { type: 'text' as const, text: 'Read this.' },
    ...(data === undefined ? [] : [{ type: 'file' as const, file: { filename: 'a.pdf', file_data: data } }]),
  ]
  const answer = await simulator
    .azure()
    .chat.completions.create({ model: 'four', messages: [{ role: 'user', content }], max_tokens: 5 })
  return answer.usage?.prompt_tokens ?? 0
}
const responseTokens = async (data?: string) => {
  const content = [
    { type: 'input_text' as const, text: 'Read this.' },
    ...(data === undefined ? [] : [{ type: 'input_file' as const, filename: 'a.pdf', file_data: data }]),
  ]
  const answer = await simulator.v1().responses.create({ model: 'four', input: [{ role: 'user', content }] })
  return answer.usage?.input_tokens ?? 0
}

const words = Array.from({ length: 40 }, (_, at) => `All work and no play makes Jack a dull boy, ${at} times.`).join(
  '\n',
)
/** Of a page on gpt-4o: 85 and four squares of 170. */
const picture = 765

describe.each([
  ['chat', chatTokens],
  ['responses', responseTokens],
])('a PDF in %s', (_, tokens) => {
  it('counts the text of its pages, and a picture of each', async () => {
    const without = await tokens()
    expect((await tokens(pdf(words))) - without).toBe(countTokens(words, 'o200k_base') + picture)
    const three = (await tokens(pdf('One', 'Two', 'Three'))) - without
    expect(three).toBe(countTokens('One\nTwo\nThree', 'o200k_base') + 3 * picture)
  })

  it('that cannot be read is estimated by its pages', async () => {
    const broken = `data:application/pdf;base64,${Buffer.from(`%PDF-1.4 /Type /Page ${'x'.repeat(300)} /Type /Page /Type /Pages`).toString('base64')}`
    expect((await tokens(broken)) - (await tokens())).toBe(2 * (500 + picture))
  })
})
