/**
 * Reads PDFs by a library that is there or not, in a thread of its own: whatever a file holds, it holds up nobody, takes
 * no more memory than it may, and ends in time.
 */
import { Worker } from 'node:worker_threads'

export type PdfFacts = {
  readonly pages: number
  readonly text: string
  /** Pages whose text is not known. */
  readonly unknownPages: number
}

const maxBytes = 33_554_432
const maxReadPages = 100
const maxCharacters = 4_000_000
const maxMs = 8_000

/** Page by page; what comes after the bounds is told as a number of pages. */
const code = `
const { parentPort, workerData } = require('node:worker_threads')
parentPort.once('message', async (bytes) => {
  try {
    const { getDocumentProxy } = await import(workerData.library)
    const document = await getDocumentProxy(bytes)
    const texts = []
    let characters = 0
    const pages = document.numPages
    let read = 0
    for (; read < Math.min(pages, ${maxReadPages}) && characters < ${maxCharacters}; read++) {
      const { items } = await (await document.getPage(read + 1)).getTextContent()
      const text = items.map((item) => (item.str ?? '') + (item.hasEOL ? '\\n' : '')).join('')
      characters += text.length
      texts.push(text)
    }
    parentPort.postMessage({ pages, text: texts.join('\\n').slice(0, ${maxCharacters}), unknownPages: pages - read })
  } catch {
    parentPort.postMessage(undefined)
  }
})
`

/** One after the other: each may take a core and its memory. */
let last: Promise<unknown> = Promise.resolve()

/** `undefined` where the library is missing, and of what it cannot read in time. */
export function readPdf(bytes: Uint8Array): Promise<PdfFacts | undefined> {
  if (bytes.length > maxBytes) return Promise.resolve(undefined)
  const reading = last.then(() => readNow(bytes))
  last = reading
  return reading
}

function readNow(bytes: Uint8Array): Promise<PdfFacts | undefined> {
  const library = found()
  if (library === undefined) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const worker = new Worker(code, {
      eval: true,
      workerData: { library },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 160 },
    })
    worker.unref()
    const deadline = AbortSignal.timeout(maxMs)
    const finish = (facts: PdfFacts | undefined) => {
      deadline.removeEventListener('abort', onLate)
      void worker.terminate()
      resolve(facts)
    }
    const onLate = () => finish(undefined)
    deadline.addEventListener('abort', onLate)
    worker.once('message', finish)
    worker.once('error', onLate)
    worker.once('exit', onLate)
    worker.postMessage(Uint8Array.from(bytes))
  })
}

export const canReadPdfs = () => found() !== undefined

let address: string | undefined | false = false

function found(): string | undefined {
  if (address !== false) return address
  try {
    address = import.meta.resolve('unpdf')
  } catch {
    address = undefined
  }
  return address
}
