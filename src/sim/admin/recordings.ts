/** `/++/recordings`: the documents of the process, for a person: and the one nearest to a request that found none. */
import { decodedOr } from '../base/decoded.ts'
import { reasonOf } from '../base/reason.ts'
import { contentTooLarge, gatewayError, unavailable } from '../errors.ts'
import { parseTarget } from '../http/target.ts'
import type { Bodies } from '../metrics/bodies.ts'
import type { Journal } from '../metrics/journal.ts'
import type { Compared, Desk, KeptDocument, Sought } from '../recordings/interaction.ts'
import { isDocument, isName } from '../recordings/name.ts'
import { StoreError } from '../storage/store-error.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json } from './answers.ts'
import { numberIn, requestNotFound, searchOf } from './requests.ts'

export type RecordingsControl = {
  readonly desk: () => Desk
  readonly journal: Journal
  readonly bodies: Bodies
}

export type RecordingsRequest = {
  readonly request: SimRequest
  /** What follows `/++/recordings/`, as it was sent. */
  readonly rest: string | undefined
  /** The tag of the document that a change is based on. */
  readonly basedOn: string | undefined
  readonly body: () => Promise<Record<string, unknown>>
}

const usualLimit = 100
const maxLimit = 1_000
const maxBytes = 16_777_216

export async function answerRecordings(asked: RecordingsRequest, control: RecordingsControl): Promise<SimResponse> {
  const { request, rest } = asked
  try {
    if (rest === undefined) return await list(request, control.desk())
    if (rest === 'nearest') return await nearest(asked, control)
    return await one(asked, decodedOr(rest, rest), control.desk())
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    throw unavailable('RecordingsUnavailable', `The recordings are out of reach: ${reasonOf(error)}`)
  }
}

async function list(request: SimRequest, desk: Desk): Promise<SimResponse> {
  if (request.method !== 'GET') throw notAllowed
  const { query } = parseTarget(request.url)
  for (const name of query.keys())
    if (!['search', 'skip', 'limit'].includes(name))
      throw gatewayError(400, 'InvalidQuery', `${name}: allowed: search, skip, limit`)
  const limit = Math.min(maxLimit, numberIn(query, 'limit') ?? usualLimit)
  const found = await desk.list({ finds: searchOf(query, 'search')?.in, skip: numberIn(query, 'skip') ?? 0, limit })
  return json(200, { place: desk.place, ...found })
}

async function one(asked: RecordingsRequest, name: string, desk: Desk): Promise<SimResponse> {
  if (!isName(name) || !isDocument(name)) {
    const message = `Not a recording's name: ${JSON.stringify(name.slice(0, 200))}. GET /++/recordings lists those that there are.`
    throw gatewayError(asked.request.method === 'PUT' ? 400 : 404, 'InvalidRecordingName', message)
  }
  switch (asked.request.method) {
    case 'GET': {
      const kept = await desk.read(name)
      if (!kept) throw notFound(name)
      return told(200, kept, { document: textOf(kept), problems: await desk.problems(name, kept.bytes) })
    }
    case 'PUT':
      return put(asked, name, desk)
    case 'DELETE': {
      const kept = await desk.read(name)
      if (kept) checkBase(asked, kept, name)
      if (!(await desk.remove(name))) throw notFound(name)
      return json(200, { deleted: name })
    }
    default:
      throw notAllowed
  }
}

async function put(asked: RecordingsRequest, name: string, desk: Desk): Promise<SimResponse> {
  const bytes = await asked.request.bytes(maxBytes)
  if (bytes === undefined) throw contentTooLarge(maxBytes)
  const problems = await desk.problems(name, bytes)
  if (problems.length > 0) return json(400, invalid(problems))
  const before = await desk.read(name)
  checkBase(asked, before, name)
  if ((await desk.write({ name, bytes }, before?.tag)) === 'changed') throw conflict(name)
  const kept = await desk.read(name)
  if (!kept) throw conflict(name)
  return told(before ? 200 : 201, kept, {})
}

function invalid(problems: readonly string[]) {
  const details = problems.map((problem) => {
    const [, path, found] = /^([\w.[\]]+)(?:: | (?=is missing))(.*)$/s.exec(problem) ?? []
    return path === undefined || found === undefined ? { message: problem } : { path, message: found }
  })
  const count = problems.length === 1 ? 'is 1 problem' : `are ${problems.length} problems`
  const message = `The recording was not written: there ${count}, listed in details.`
  return { error: { code: 'InvalidRecording', message, details } }
}

function checkBase({ basedOn }: RecordingsRequest, kept: KeptDocument | undefined, name: string): void {
  if (basedOn !== undefined && basedOn !== kept?.tag) throw conflict(name)
}

function told(status: number, { name, bytes, tag }: KeptDocument, more: object): SimResponse {
  const answer = json(status, { name, bytes: bytes.length, tag, ...more })
  return { ...answer, headers: { ...answer.headers, ETag: `"${tag}"` } }
}

const textOf = ({ bytes }: KeptDocument) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** By the id of a request whose body the journal kept, or as it would be asked. */
async function nearest({ request, body }: RecordingsRequest, control: RecordingsControl): Promise<SimResponse> {
  if (request.method !== 'POST') throw notAllowed
  const given = await body()
  const sought = typeof given['request'] === 'string' ? soughtById(given['request'], control) : soughtOf(given)
  return json(200, shown(await control.desk().nearest(sought)))
}

const shown = ({ name, key, unreadable, nearest: found, differences }: Compared) => ({
  wanted: name,
  key,
  unreadable,
  nearest: found ? { ...found, differences } : null,
})

function soughtById(id: string, { journal, bodies }: RecordingsControl): Sought {
  const entry = journal.list().find((one) => one.id === id)
  if (!entry) throw requestNotFound(id)
  const asked = bodies.of(id)?.asked
  if (!asked)
    throw gatewayError(409, 'BodyNotKept', 'Its body was not kept: set journal.bodies to on, and ask the same again.')
  if (asked.body?.isCut) throw gatewayError(409, 'BodyNotKept', 'Its body is too long: only the beginning was kept.')
  return {
    method: entry.method,
    path: entry.path.replace(/\/{2,}/g, '/'),
    contentType: asked.contentType,
    bytes: asked.body?.bytes ?? new Uint8Array(),
  }
}

function soughtOf(given: Record<string, unknown>): Sought {
  const { method = 'POST', path, contentType = 'application/json', body = '' } = given
  if (typeof path !== 'string' || typeof method !== 'string' || typeof contentType !== 'string')
    throw gatewayError(
      400,
      'InvalidRequest',
      'Send { "request": id } of a request that the journal has with its body, or { "path", "body" } and, where they differ from POST and application/json, "method" and "contentType".',
    )
  return { method, path, contentType, bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }
}

const notFound = (name: string) => gatewayError(404, 'RecordingNotFound', `There is no recording ${name}.`)

const conflict = (name: string) =>
  gatewayError(
    409,
    'RecordingConflict',
    `${name} has changed since it was read: read it again, and make the change anew.`,
  )

const notAllowed = gatewayError(
  405,
  '405',
  'GET /++/recordings lists; a recording is read by GET, written by PUT and deleted by DELETE; POST /++/recordings/nearest compares.',
)
