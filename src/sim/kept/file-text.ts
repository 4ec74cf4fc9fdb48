/** The text of an uploaded file, as a search reads it. */
import { canReadPdfs, readPdf } from '../measure/pdf-reader.ts'

/** What the service reads (recorded December 2025). */
export const readableEndings = [
  ...['.c', '.cpp', '.cs', '.css', '.doc', '.docx', '.go', '.html', '.java', '.js', '.json', '.md', '.pdf', '.php'],
  ...['.pptx', '.py', '.rb', '.sh', '.tex', '.ts', '.txt'],
]

export const endingOf = (filename: string): string => /\.[^./\\]+$/.exec(filename)?.[0].toLowerCase() ?? ''

export type FileText = { readonly text: string } | { readonly fault: string }

const cannot = (why: string): FileText => ({ fault: `The file could not be parsed${why}.` })

export async function textOfFile(bytes: Uint8Array, filename: string): Promise<FileText> {
  const read = await readAs(endingOf(filename), bytes)
  if ('fault' in read) return read
  return /[\p{L}\p{N}]/u.test(read.text) ? read : cannot(' because it is empty')
}

async function readAs(ending: string, bytes: Uint8Array): Promise<FileText> {
  switch (ending) {
    case '.pdf': {
      const facts = await readPdf(bytes)
      if (facts) return { text: facts.text }
      return cannot(canReadPdfs() ? '' : ': PDFs are read by unpdf, which is not there (npm install unpdf)')
    }
    case '.docx':
      return officeText(bytes, /^word\/document\.xml$/)
    case '.pptx':
      return officeText(bytes, /^ppt\/slides\/slide\d+\.xml$/)
    case '.doc':
      return cannot(': the old format of Word is not read here')
    case '.html':
      return { text: withoutTags(decoded(bytes)) }
    default:
      return { text: decoded(bytes) }
  }
}

function decoded(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes)
}

const maxPartBytes = 33_554_432

/** Office files are XML in a ZIP: of the parts that bear the text, the text of each paragraph is a line. */
async function officeText(bytes: Uint8Array, part: RegExp): Promise<FileText> {
  const { strFromU8, unzipSync } = await import('fflate')
  try {
    let room = maxPartBytes
    const parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!part.test(name) || originalSize > room) return false
        room -= originalSize
        return true
      },
    })
    const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })
    const xml = Object.keys(parts)
      .sort(byNumber)
      .map((name) => strFromU8(parts[name] as Uint8Array))
    return {
      text: xml.map((text) => withoutTags(text.replace(/<\/[aw]:p>|<[aw]:(?:br|tab)\b[^>]*>/g, '\n'))).join('\n\n'),
    }
  } catch {
    return cannot('')
  }
}

/** Good enough for what is only searched. */
function withoutTags(markup: string): string {
  return markup
    .replace(/<(script|style)\b[^>]*>[^]*?<\/\1\s*>|<!--[^]*?-->/gi, ' ')
    .replace(/<(?:br|\/p|\/div|\/li|\/tr|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi,
      (all: string, decimal?: string, hex?: string, name?: string) => entity(decimal, hex, name) ?? all,
    )
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*\n\s*/g, '\n\n')
    .trim()
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

function entity(decimal?: string, hex?: string, name?: string): string | undefined {
  if (name !== undefined) return Object.hasOwn(entities, name.toLowerCase()) ? entities[name.toLowerCase()] : undefined
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
