/**
 * Makes the shapes that `test/fidelity.test.ts` compares with, from recorded exchanges with the service: keys, types, order,
 * layout, kinds of events, names of headers, lengths. Texts of others stay out: what a request says is replaced by words
 * of our own, and of what an answer says only the API's own words are kept.
 *
 *   node scripts/make-fidelity-shapes.ts FOLDER [OUT]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Chunk as AnyChunk, kindOf } from '../test/fidelity/event-kind.ts'

const [folder, out = path.join(import.meta.dirname, '../test/fidelity/shapes.json')] = process.argv.slice(2)
if (folder === undefined) {
  console.error('Say where the recordings are: node scripts/make-fidelity-shapes.ts FOLDER [OUT]')
  process.exit(2)
}

type Part = { readonly name: string; readonly text?: unknown; readonly filename?: string; readonly bytes?: number }
type Chunk = AnyChunk & { readonly model?: string; readonly response?: { readonly model?: string } }
type Body = {
  readonly model?: string
  readonly multipart?: readonly Part[]
  readonly sse?: readonly (string | Chunk)[]
}
type Step = {
  readonly capture?: Readonly<Record<string, string>>
  readonly request: {
    readonly method?: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: Body | null
  }
  readonly response: {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: Body | null
  }
}
type Recording = { readonly recorded?: string; readonly steps?: readonly Step[] }

const cut = '\u2026'
const ownSchema = {
  type: 'object',
  properties: { place: { type: 'string' } },
  required: ['place'],
  additionalProperties: false,
}
const ownPicture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
/** A tenth of a second of silence and a bit, 8,000 samples of 8 bits a second. */
const ownSound = Buffer.concat([
  Buffer.from(
    'RIFF\xa4\x04\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x80\x04\0\0',
    'latin1',
  ),
  Buffer.alloc(1_152, 0x80),
]).toString('base64')
/** Members whose value is what somebody says. */
const spoken = /^(content|text|prompt|input|instructions|description|suffix|query|user|title|output|summary|stop)$/
/** Members whose value is the API's own word. */
const words = /^(object|type|role|purpose|severity|task|encoding_format|code)$/
/** Members that hold what somebody else defined. */
const open = /^(metadata|parameters|schema|properties|logit_bias|attributes|input_schema|bytes|top_logprobs)$/
const isToken = (text: string) => /^[\w.:/@+[\]{}-]{0,64}$/.test(text)
/** What recorders write in place of what they hide. */
const masked = /Sanitized|"guid"|REDACTED/

/** A request in our own words. `names` are those that it gives to functions and schemas. */
function own(value: unknown, key: string, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => own(item, key, names))
  if (typeof value === 'object' && value !== null) {
    if ((key === 'parameters' && 'properties' in value) || key === 'schema') return ownSchema
    if (key === 'input_audio') return { data: ownSound, format: 'wav' }
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, own(member, name, names)]))
  }
  if (typeof value !== 'string') return value
  if (key === 'url' || key === 'image_url') return value.startsWith('data:') ? ownPicture : 'https://example.com/a.png'
  if (key === 'arguments') return '{"place":"Rome"}'
  if (key === 'name') {
    if (!names.has(value)) names.set(value, `look_up_${names.size + 1}`)
    return names.get(value)
  }
  // How a summary is asked for is a word of the API's.
  if (key === 'summary' && isToken(value)) return value
  if (spoken.test(key)) return key === 'stop' ? ';' : 'Say something short.'
  return isToken(value) ? value : 'text'
}

const extensionOf = (filename = '') => /\.\w+$/.exec(filename)?.[0] ?? ''

/** Fields as they are; of a file, what kind it is. */
const ownPart = ({ name, text, filename, bytes }: Part) =>
  filename === undefined && bytes === undefined
    ? { name, text: isToken(String(text)) ? String(text) : 'text' }
    : { name, file: extensionOf(filename) }

function shapeOf(value: unknown, key: string): unknown {
  if (value === null) return 'null'
  if (open.test(key)) return 'any'
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0], key)]
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member, name)]))
  return typeof value === 'string' && words.test(key) && isToken(value) ? `=${value}` : typeof value
}

/** The first of each kind, by its kind. */
function eventsOf(events: readonly (string | Chunk)[]) {
  const kinds: Record<string, unknown> = {}
  for (const event of events) if (!(kindOf(event) in kinds)) kinds[kindOf(event)] = shapeOf(event, '')
  return kinds
}

const layouts = {
  compact: (value: unknown) => JSON.stringify(value),
  'compact, newline': (value: unknown) => `${JSON.stringify(value)}\n`,
  pretty: (value: unknown) => JSON.stringify(value, undefined, 2),
  'pretty, newline': (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`,
}

const isWhole = (value: unknown) => {
  const text = JSON.stringify(value)
  return !text.includes(cut) && !masked.test(text)
}
const leaves = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value]
const bytesOf = (text: string) => Buffer.byteLength(text)
const hasLists = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ((Array.isArray(value) && value.length > 1) || Object.values(value).some(hasLists))

/** Of an answer that some layout explains: how long it was, and what the values take of that. */
function lengthOf(headers: Readonly<Record<string, string>>, body: unknown) {
  const length = Number(headers['content-length'])
  if (!length || !isWhole(body) || hasLists(body)) return {}
  const fitting = Object.values(layouts).filter((write) => bytesOf(write(body)) === length)
  if (fitting.length === 0) return {}
  const valueBytes = leaves(body).reduce<number>((sum, leaf) => sum + bytesOf(JSON.stringify(leaf)), 0)
  return { length, valueBytes }
}

/** The gateway's and the network's own. */
const noise =
  /^(date|connection|transfer-encoding|content-length|content-type|content-encoding|server|via|vary|set-cookie|keep-alive|location|etag|expires|pragma|request-context|x-aml|x-ms-cmp|openai-(?!processing-ms)|azureml-|x-http2|mise-|x-request-time|x-ms-azure|cmp-|ms-azureml|x-content-type|content-disposition|apim-operation|policy-id|x-powered-by|access-control-expose|x-broker|x-ms-oai-backend|x-predictor)/

function stepOf({ request, response, capture }: Step, names: Map<string, string>) {
  const headers = Object.fromEntries(
    Object.entries(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const { method = 'POST', path: where, body } = request
  const asked = body?.multipart
    ? { form: body.multipart.map(ownPart) }
    : body === undefined || body === null
      ? {}
      : { body: own(body, '', names) }
  const ownPath = where.replace(/(?<=\/agents\/)[^/?]+/, (name) => String(own(name, 'name', names)))
  const answer = response.body
  const isJson =
    typeof answer === 'object' &&
    answer !== null &&
    !('bytes' in answer) &&
    !answer.sse &&
    !('text' in answer && Object.keys(answer).length === 1)
  return {
    method,
    path: ownPath,
    ...(request.headers?.authorization && { isToken: true }),
    ...asked,
    ...(capture && { capture }),
    status: response.status,
    ...(headers['content-type'] && { type: headers['content-type'].split(';')[0] }),
    headers: Object.keys(headers)
      .filter((name) => !noise.test(name))
      .sort(),
    ...(isJson && { shape: shapeOf(answer, ''), ...lengthOf(headers, answer) }),
    ...(answer?.sse && { events: eventsOf(answer.sse) }),
  }
}

const modelOf = (body: Body | undefined): string | undefined =>
  body?.model ||
  body?.sse
    ?.map((event) => (typeof event === 'string' ? undefined : (event.model ?? event.response?.model)))
    .find(Boolean)
const withoutVersion = (model: string | undefined) => (model ?? '').replace(/-(20\d\d-\d\d-\d\d|\d{4})$/, '')

function deploymentsOf(steps: readonly Step[]) {
  const found: Record<string, string> = {}
  for (const { request, response } of steps) {
    if (response.status === 404) continue
    const named = /\/deployments\/([^/?]+)/.exec(request.path)?.[1] ?? request.body?.model
    if (typeof named === 'string' && isToken(named))
      found[named] = withoutVersion(modelOf(response.body ?? undefined)) || named
  }
  return found
}

const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({
    name: file.slice(0, -'.json'.length),
    ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Recording),
  }))
  .filter(({ steps }) => steps?.every(({ request }) => /^\/(?:openai|api\/projects)\//.test(request.path)))
  .map(({ name, recorded = '', steps = [] }) => {
    const names = new Map<string, string>()
    return { name, recorded, deployments: deploymentsOf(steps), steps: steps.map((step) => stepOf(step, names)) }
  })
writeFileSync(out, `[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
console.log(`${cases.length} cases`)
