/** The text of an uploaded file, as a search reads it. */
import { canReadPdfs, readPdf } from '../measure/pdf-reader.ts'
import { textOfMarkup } from './markup.ts'
import { unzipped } from './zip.ts'

/** What the service reads (recorded December 2025). */
export const readableEndings = [
  ...['.c', '.cpp', '.cs', '.css', '.doc', '.docx', '.go', '.html', '.java', '.js', '.json', '.md', '.pdf', '.php'],
  ...['.pptx', '.py', '.rb', '.sh', '.tex', '.ts', '.txt'],
]

export const endingOf = (filename: string): string => /\.[^./\\]+$/.exec(filename)?.[0].toLowerCase() ?? ''

export type FileText = { readonly text: string } | { readonly fault: string }

const cannot = (why: string): FileText => ({ fault: `The file could not be parsed${why}.` })

/** Does work in turns with all such work. */
type InTurns = <T>(work: Generator<undefined, T>) => Promise<T>

export async function textOfFile(bytes: Uint8Array, filename: string, inTurns: InTurns): Promise<FileText> {
  const read = await readAs(endingOf(filename), bytes, inTurns)
  if ('fault' in read) return read
  return /[\p{L}\p{N}]/u.test(read.text) ? read : cannot(' because it is empty')
}

async function readAs(ending: string, bytes: Uint8Array, inTurns: InTurns): Promise<FileText> {
  switch (ending) {
    case '.pdf': {
      const facts = await readPdf(bytes)
      if (facts) return { text: facts.text }
      return cannot(canReadPdfs() ? '' : ': PDFs are read by unpdf, which is not there (npm install unpdf)')
    }
    case '.docx':
      return officeText(bytes, /^word\/document\.xml$/, inTurns)
    case '.pptx':
      return officeText(bytes, /^ppt\/slides\/slide\d+\.xml$/, inTurns)
    case '.doc':
      return cannot(': the old format of Word is not read here')
    case '.html':
      return { text: await inTurns(textOfMarkup(decoded(bytes))) }
    default:
      return { text: decoded(bytes) }
  }
}

function decoded(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes)
}

/** Of a short file no more is unfolded than it can have of text. */
const maxPartBytes = 33_554_432
const maxTimes = 12
const minPartBytes = 1_048_576

/** Office files are XML in a ZIP: of the parts that bear the text, the text of each paragraph is a line. */
async function officeText(bytes: Uint8Array, part: RegExp, inTurns: InTurns): Promise<FileText> {
  try {
    const room = Math.min(maxPartBytes, Math.max(minPartBytes, maxTimes * bytes.length))
    const parts = await unzipped(bytes, (name) => part.test(name), room)
    const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })
    const texts: string[] = []
    for (const name of [...parts.keys()].sort(byNumber))
      texts.push(await inTurns(textOfMarkup(decoded(parts.get(name) as Uint8Array))))
    return { text: texts.join('\n\n') }
  } catch {
    return cannot('')
  }
}
