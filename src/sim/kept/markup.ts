/** The text of HTML, and of the XML of Office files: good enough for what is only searched. In steps, each place looked at once. */

const tagsAStep = 256
/** So much text is put in order at once. */
const blockCharacters = 32_768

/** Where the others are that end something; one that stands nowhere is not looked for again. */
class Ends {
  readonly #markup: string
  readonly #missing = new Set<string>()

  constructor(markup: string) {
    this.#markup = markup
  }

  /** Behind it, or undefined. */
  after(end: string, from: number): number | undefined {
    if (this.#missing.has(end)) return undefined
    const at = this.#markup.indexOf(end, from)
    if (at >= 0) return at + end.length
    this.#missing.add(end)
    return undefined
  }
}

export function* textOfMarkup(markup: string): Generator<undefined, string> {
  const ends = new Ends(markup)
  const lower = markup.toLowerCase()
  const lowerEnds = lower.length === markup.length ? new Ends(lower) : ends
  const blocks: string[] = []
  let block = ''
  let at = 0
  const close = () => {
    blocks.push(inOrder(block))
    block = ''
  }
  for (let tags = 1; at < markup.length; tags++) {
    const start = markup.indexOf('<', at)
    const isLast = start < 0
    const until = isLast ? markup.length : start
    for (; until - at > blockCharacters; at += blockCharacters) {
      block += markup.slice(at, at + blockCharacters)
      close()
      yield
    }
    block += markup.slice(at, until)
    if (isLast) break
    if (block.length > blockCharacters) close()
    if (tags % tagsAStep === 0) yield
    const end = ends.after('>', start)
    if (end === undefined) {
      block += '<'
      at = start + 1
      continue
    }
    const name = /^<(!--|\/?[a-z][a-z\d:]*)?/i.exec(markup.slice(start, start + longestName))?.[1]?.toLowerCase() ?? ''
    block += name === '!--' || hidden.has(name) ? ' ' : newLine.has(name) ? '\n' : ''
    at = end
    if (name === '!--') at = ends.after('-->', start + 4) ?? end
    else if (hidden.has(name)) {
      const closing = lowerEnds.after(`</${name}`, end)
      at = closing === undefined ? end : (ends.after('>', closing) ?? end)
    }
  }
  close()
  return blocks.join('').trim()
}

const longestName = 32
const hidden: ReadonlySet<string> = new Set(['script', 'style'])
/** Of HTML, of text documents and of slides. */
const newLine: ReadonlySet<string> = new Set([
  ...['br', '/p', '/div', '/li', '/tr', '/h1', '/h2', '/h3', '/h4', '/h5', '/h6'],
  ...['/a:p', '/w:p', 'a:br', 'w:br', 'a:tab', 'w:tab'],
])

const inOrder = (text: string): string =>
  text
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi,
      (all: string, decimal?: string, hex?: string, name?: string) => entity(decimal, hex, name) ?? all,
    )
    .replace(/\s+/g, (space) =>
      space.indexOf('\n') !== space.lastIndexOf('\n') ? '\n\n' : space.replace(/[ \t]+/g, ' '),
    )

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

function entity(decimal?: string, hex?: string, name?: string): string | undefined {
  if (name !== undefined) return Object.hasOwn(entities, name.toLowerCase()) ? entities[name.toLowerCase()] : undefined
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
