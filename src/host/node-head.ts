/**
 * The head of an answer. Node checks the name and the value of each header of each answer with a pattern, and looks up
 * whether the name means something to it: a sixteenth of what a whole request costs. Most headers of an answer are those
 * of the answer before, and need not be looked at again; of the others each name is looked up once, and Node is given
 * only those that it acts upon.
 */
import { type IncomingMessage, ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'
import { Memo } from '../sim/index.ts'

/** Of these Node makes up its mind how the answer is framed, and whether the connection stays. */
const actedUpon = /^(?:connection|content-length|date|expect|keep-alive|trailer|transfer-encoding|upgrade)$/i

const maxNames = 1_000
const names = new Memo<string, boolean>(maxNames)

const isActedUpon = (name: string): boolean => {
  validateHeaderName(name)
  return actedUpon.test(name)
}

/** The header that stood at the same place in the last head. */
type Line = { name: string; value: string; isActedUpon: boolean; line: string }
const latest: Line[] = []
const maxLatest = 100

/** What Node's class has and its types do not tell of: where the head is put together, and where it stands then. */
type Inner = { _header?: string | null; _storeHeader?: (firstLine: string, headers: unknown) => void }
const storeHead = (ServerResponse.prototype as Inner)._storeHeader

/** Of the head that is being put together, the lines that Node need not look at: before the one that it does, and after it. */
let before = ''
let after = ''
let nodesLength = 0

/** A `ServerResponse` whose head may have such lines. */
export class LeanResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  _storeHeader(firstLine: string, headers: unknown): void {
    storeHead?.call(this, firstLine + before, headers)
    if (after === '') return
    const inner = this as Inner
    const head = inner._header ?? ''
    const at = firstLine.length + before.length + nodesLength
    inner._header = head.slice(0, at) + after + head.slice(at)
  }
}

/** As `writeHead`, for headers of text alone. Throws as it does where one is not valid. */
export function writeLines(outgoing: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  const nodes: string[] = []
  let first = ''
  let second = ''
  let length = 0
  let at = 0
  for (const name in headers) {
    const value = headers[name] as string
    const line = lineAt(at++, name, value)
    if (line.isActedUpon) {
      nodes.push(name, value)
      length += name.length + value.length + 4
    } else if (length === 0) first += line.line
    else second += line.line
  }
  // Where there are several, which is seldom, they need not stand side by side.
  const isLean = nodes.length <= 2 && outgoing instanceof LeanResponse && storeHead !== undefined
  if (!isLean) {
    outgoing.writeHead(status, headers)
    return
  }
  before = first
  after = second
  nodesLength = length
  try {
    outgoing.writeHead(status, nodes)
  } finally {
    before = after = ''
  }
}

function lineAt(at: number, name: string, value: string): Line {
  const known = latest[at]
  if (known?.name === name) {
    if (known.value === value) return known
    if (known.isActedUpon) return known
    validateValue(name, value)
    known.value = value
    known.line = lineOf(name, value)
    return known
  }
  const isNodes = names.of(name, isActedUpon)
  if (!isNodes) validateValue(name, value)
  const line = { name, value, isActedUpon: isNodes, line: isNodes ? '' : lineOf(name, value) }
  if (at < maxLatest) latest[at] = line
  return line
}

const lineOf = (name: string, value: string) => `${name}: ${value}\r\n`

const invalidInValue = /[^\t\x20-\x7e\x80-\xff]/

/** Node's own check is asked where it fails alone, for its error. */
const validateValue = (name: string, value: string): void => {
  if (invalidInValue.test(value)) validateHeaderValue(name, value)
}
