/** What an analysis finds: pages with lines of words at their places, the more of them the larger the document was. */

/** About what a page of a scanned document takes: a guess. */
const bytesPerPage = 100_000
const maxPages = 2000
const linesPerPage = 20
const wordsPerLine = 8

const vocabulary =
  'invoice total amount due date customer order number item price tax payment terms account address'.split(' ')

export function analyze(modelId: string, bytes: number) {
  const count = Math.min(maxPages, Math.max(1, Math.ceil(bytes / bytesPerPage)))
  const contents: string[] = []
  let offset = 0
  const pages = Array.from({ length: count }, (_, page) => {
    const words: ReturnType<typeof wordAt>[] = []
    const pageOffset = offset
    const lines = Array.from({ length: linesPerPage }, (_unused, line) => {
      const lineOffset = offset
      for (let at = 0; at < wordsPerLine; at++) {
        const word = wordAt({ page, line, at, offset })
        words.push(word)
        offset += word.content.length + 1
      }
      const content = words
        .slice(-wordsPerLine)
        .map((word) => word.content)
        .join(' ')
      contents.push(content)
      return { content, polygon: box(1, 1 + line * 0.4, 6.5), spans: [{ offset: lineOffset, length: content.length }] }
    })
    const spans = [{ offset: pageOffset, length: offset - pageOffset - 1 }]
    return { pageNumber: page + 1, angle: 0, width: 8.5, height: 11, unit: 'inch', words, lines, spans }
  })
  const content = contents.join('\n')
  const wholeSpan = [{ offset: 0, length: content.length }]
  return {
    apiVersion: '2024-11-30',
    modelId,
    stringIndexType: 'textElements',
    content,
    pages,
    styles: [],
    documents: [{ docType: modelId.replace(/^prebuilt-/, ''), fields: {}, confidence: 0.95, spans: wholeSpan }],
    contentFormat: 'text',
  }
}

type Place = { readonly page: number; readonly line: number; readonly at: number; readonly offset: number }

function wordAt({ page, line, at, offset }: Place) {
  const content = vocabulary[(page * 7 + line * 5 + at * 3) % vocabulary.length] ?? ''
  return {
    content,
    polygon: box(1 + at * 0.8, 1 + line * 0.4, 0.7),
    confidence: 0.99,
    span: { offset, length: content.length },
  }
}

/** Four corners, clockwise from the upper left. */
const box = (left: number, top: number, width: number) => [
  left,
  top,
  left + width,
  top,
  left + width,
  top + 0.3,
  left,
  top + 0.3,
]
