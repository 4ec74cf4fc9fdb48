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
type Line = { name: string; value: string; isActedUpon: boolean; line: string; changes: number }
const latest: Line[] = []
const maxLatest = 100
/** A value that has changed as often as this changes with each answer, and is not looked at for whether it has. */
const maxChanges = 20

/** What Node's class has and its types do not tell of: where the head is put together, and where it stands then. */
type Inner = { _header?: string | null; _storeHeader?: (firstLine: string, headers: unknown) => void }
const storeHead = (ServerResponse.prototype as Inner)._storeHeader

/** Of the head that is being put together, the lines that Node need not look at. */
let lines = ''

/** A `ServerResponse` whose head may have such lines, behind those that Node writes. */
export class LeanResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  _storeHeader(firstLine: string, headers: unknown): void {
    storeHead?.call(this, firstLine, headers)
    const { _header: head } = this as Inner
    if (lines !== '' && head) (this as Inner)._header = `${head.slice(0, -lineEnd.length)}${lines}${lineEnd}`
  }
}

/** As `writeHead`, for headers of text alone. Throws as it does where one is not valid. */
export function writeLines(outgoing: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  if (!(outgoing instanceof LeanResponse) || storeHead === undefined) {
    outgoing.writeHead(status, headers)
    return
  }
  const nodes: string[] = []
  let own = ''
  let at = 0
  for (const name in headers) {
    const value = headers[name] as string
    const line = lineAt(at++, name, value)
    if (line.isActedUpon) nodes.push(name, value)
    else own += line.line
  }
  lines = own
  try {
    outgoing.writeHead(status, nodes)
  } finally {
    lines = ''
  }
}

const lineEnd = '\r\n'

function lineAt(at: number, name: string, value: string): Line {
  const known = latest[at]
  if (known?.name === name) {
    if (known.isActedUpon || (known.changes < maxChanges && known.value === value)) return known
    validateValue(name, value)
    known.changes++
    known.value = value
    known.line = lineOf(name, value)
    return known
  }
  const isNodes = names.of(name, isActedUpon)
  if (!isNodes) validateValue(name, value)
  const line = { name, value, isActedUpon: isNodes, line: isNodes ? '' : lineOf(name, value), changes: 0 }
  if (at < maxLatest) latest[at] = line
  return line
}

const lineOf = (name: string, value: string) => `${name}: ${value}${lineEnd}`

const invalidInValue = /[^\t\x20-\x7e\x80-\xff]/

/** Node's own check is asked where it fails alone, for its error. */
const validateValue = (name: string, value: string): void => {
  if (invalidInValue.test(value)) validateHeaderValue(name, value)
}
