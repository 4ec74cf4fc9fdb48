/** What a PDF in a prompt is: the text of its pages, and how many there are. */
import { hash } from 'node:crypto'
import { Memo } from '../base/memo.ts'
import { isObject } from '../base/object.ts'
import { canReadPdfs, type PdfFacts, readPdf } from './pdf-reader.ts'

/** By the data as it was sent. */
const known = new Memo<string, PdfFacts>(32)

/** `%PDF-` in base64: nothing is looked for in a body that has it nowhere. */
const begin = 'JVBERi0'
const beginBytes = Buffer.from(begin)
const shortest = 200

/**
 * Reads the PDFs that are in a body before it is measured; `undefined` where there is none. Nobody waits long: what
 * takes too long is estimated.
 */
export function readPdfsIn(bytes: Uint8Array, input: unknown): Promise<string | undefined> | undefined {
  if (bytes.length < shortest || isTextAlone(input)) return undefined
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return body.includes(beginBytes) ? readAll(input) : undefined
}

/** As most prompts are: seen at once, where they are short conversations. */
function isTextAlone(input: unknown): boolean {
  if (!isObject(input)) return true
  const messages = input['messages'] ?? input['input']
  if (!Array.isArray(messages)) return typeof messages === 'string'
  return messages.length <= fewMessages && messages.every((message) => isObject(message) && isText(message['content']))
}

const isText = (content: unknown) => typeof content === 'string'
const fewMessages = 8

async function readAll(input: unknown): Promise<string | undefined> {
  let count = 0
  for (const data of filesIn(input)) {
    const key = keyOf(data)
    if (known.get(key)) continue
    const bytes = Buffer.from(base64Of(data), 'base64')
    known.set(key, (await readPdf(bytes)) ?? estimated(bytes))
    count++
  }
  return count > 0 && !canReadPdfs() ? libraryMissing : undefined
}

const libraryMissing =
  'A prompt has a PDF, whose text is counted by unpdf, which is not there: npm install unpdf. Until then its tokens are estimated.'

/** Members called `file_data`, wherever a surface has them; as many as are likely to be meant. */
function filesIn(input: unknown): readonly string[] {
  const found: string[] = []
  const open: unknown[] = [input]
  for (let next = open.pop(), looked = 0; next !== undefined && looked < maxLooked; next = open.pop(), looked++) {
    if (Array.isArray(next)) open.push(...(next as unknown[]).slice(0, maxLooked))
    else if (isObject(next)) {
      const { file_data: data } = next
      if (typeof data === 'string' && isPdf(data) && found.length < maxFiles) found.push(data)
      open.push(...Object.values(next).filter((value) => typeof value === 'object' && value !== null))
    }
  }
  return found
}

const maxLooked = 20_000
const maxFiles = 20

/** Of what is no PDF: `undefined`. */
export function pdfFacts(data: unknown): PdfFacts | undefined {
  if (typeof data !== 'string' || !isPdf(data)) return undefined
  return known.of(keyOf(data), () => estimated(Buffer.from(base64Of(data), 'base64')))
}

/** As data URLs have it, or bare. */
const base64Of = (data: string) => data.slice(data.startsWith('data:') ? data.indexOf(',') + 1 : 0)
const isPdf = (data: string) => base64Of(data.slice(0, 200)).startsWith(begin)
const keyOf = (data: string) => hash('sha256', data, 'base64')

/** By what a file says of its pages where they are not packed: their text is not known then. */
function estimated(bytes: Buffer): PdfFacts {
  const text = bytes.toString('latin1', 0, 4_000_000)
  const marks = text.match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0
  const pages = Math.min(maxPages, marks > 0 ? marks : Math.ceil(bytes.length / usualPageBytes))
  return { pages, text: '', unknownPages: pages }
}

const maxPages = 1_000
const usualPageBytes = 50_000
