/** Answers have the shapes that the service's had: made from recordings by `scripts/make-fidelity-shapes.ts`, no text of theirs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator } from '../src/sim/index.ts'
import { findModel } from '../src/sim/models/catalogue.ts'
import { type Chunk, kindOf } from './fidelity/event-kind.ts'
import { goneHeaders, leftOut } from './fidelity/left-out.ts'
import { apiKey, hosts, type Running } from './support/hosts.ts'
import { wav } from './support/sound.ts'

type Shape = string | readonly Shape[] | { readonly [key: string]: Shape }
type Part = { readonly name: string; readonly text?: string; readonly file?: string }
type Step = {
  readonly method: string
  readonly path: string
  readonly isToken?: true
  readonly body?: unknown
  readonly form?: readonly Part[]
  readonly capture?: Readonly<Record<string, string>>
  readonly status: number
  readonly type?: string
  readonly headers: readonly string[]
  readonly shape?: Shape
  readonly events?: Readonly<Record<string, Shape>>
  readonly length?: number
  readonly valueBytes?: number
}
type Case = {
  readonly name: string
  readonly recorded: string
  readonly deployments: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

const all = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fidelity/shapes.json'), 'utf8')) as readonly Case[]
const cases = all.filter(({ name }) => !(name in leftOut))

/** Cases that agree on what their deployments run share a simulator. */
type Group = { readonly deployments: Record<string, object>; readonly cases: Case[] }
const groups: Group[] = []
for (const one of cases) {
  const mine = Object.entries(one.deployments).map(([name, model]) => [name, findModel(name) ? name : model] as const)
  const fits = ({ deployments }: Group) =>
    mine.every(([name, model]) => !(name in deployments) || (deployments[name] as { model: string }).model === model)
  let group = groups.find(fits)
  if (!group) groups.push((group = { deployments: {}, cases: [] }))
  for (const [name, model] of mine)
    if (findModel(model)) group.deployments[name] = { model, tokensPerMinute: 10_000_000, requestsPerMinute: 60_000 }
  group.cases.push(one)
}

const instantly = Object.fromEntries(
  ['embeddings', 'translations', 'transcriptions', 'speech', 'images'].map((name) => [name, '0ms']),
)
const simulatorOf = ({ deployments }: Group) => {
  const latency = { ...instantly, chatCompletions: { interToken: '0ms' }, completions: { interToken: '0ms' } }
  const input = { apiKey, latency, allowUndefinedDeployments: false, deployments }
  return createSimulator({ sources: [{ name: 'test', input }] })
}

function formOf(parts: readonly Part[]): FormData {
  const form = new FormData()
  for (const { name, text, file } of parts) {
    const content = file === '.jsonl' ? '{"custom_id":"a"}' : file === '.txt' ? 'Some text.' : new Uint8Array(wav(3))
    if (file === undefined) form.append(name, text ?? '')
    else form.append(name, new Blob([content], { type: 'application/octet-stream' }), `input${file}`)
  }
  return form
}

const fill = (text: string, known: Readonly<Record<string, string>>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole)

type Answer = { readonly status: number; readonly headers: Headers; readonly text: string }

async function ask(running: Running, step: Step, known: Readonly<Record<string, string>>): Promise<Answer> {
  const key = step.status === 401 ? 'wrong' : apiKey
  const headers: Record<string, string> = {
    'api-key': key,
    'x-ms-client-request-id': 'f9816a7b-cd98-4f2c-9ccf-1160963a3c15',
  }
  if (step.isToken) headers['authorization'] = `Bearer ${key}`
  const body = step.form
    ? formOf(step.form)
    : step.body === undefined
      ? undefined
      : fill(JSON.stringify(step.body), known)
  if (typeof body === 'string') headers['content-type'] = 'application/json'
  const answer = await running.fetch(fill(step.path, known), { method: step.method, headers, ...(body && { body }) })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** What an answer of before July 2025 lacks has come since. */
const isOld = ({ recorded }: Case) => recorded < '2025-07'

function differences(want: Shape, got: unknown, at: string, mayHaveMore: boolean): string[] {
  if (want === 'any') return []
  if (typeof want === 'string') {
    const kind = got === null ? 'null' : Array.isArray(got) ? 'array' : typeof got
    return (want.startsWith('=') ? want.slice(1) === got : want === kind)
      ? []
      : [`${at}: ${String(got).slice(0, 40)} for ${want}`]
  }
  if (Array.isArray(want)) {
    if (!Array.isArray(got)) return [`${at}: no list`]
    // Whether a thought is summed up is chance.
    if (at.endsWith('.summary') && (got.length === 0 || want.length === 0)) return []
    if (want.length === 0) return got.length === 0 || mayHaveMore ? [] : [`${at}: not empty`]
    return got.length === 0 ? [`${at}: empty`] : differences(want[0] as Shape, got[0], `${at}[0]`, mayHaveMore)
  }
  if (typeof got !== 'object' || got === null) return [`${at}: no object`]
  const members = want as Readonly<Record<string, Shape>>
  const [theirs, ours] = [Object.keys(members), Object.keys(got)]
  const found = theirs.filter((key) => !(key in got)).map((key) => `${at}.${key}: missing`)
  if (!mayHaveMore) found.push(...ours.filter((key) => !(key in members)).map((key) => `${at}.${key}: extra`))
  const order = ours.filter((key) => key in members).join()
  if (theirs.filter((key) => key in got).join() !== order) found.push(`${at}: order ${order}`)
  for (const key of theirs.filter((name) => name in got))
    found.push(
      ...differences(members[key] as Shape, (got as Record<string, unknown>)[key], `${at}.${key}`, mayHaveMore),
    )
  return found
}

function eventsOf(text: string): Map<string, unknown> {
  const kinds = new Map<string, unknown>()
  for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) {
    const event = data === '[DONE]' ? data : (JSON.parse(data) as Chunk)
    if (!kinds.has(kindOf(event))) kinds.set(kindOf(event), event)
  }
  return kinds
}

function stepDifferences(step: Step, { status, headers, text }: Answer, mayHaveMore: boolean): string[] {
  if (status !== step.status) return [`status ${status} for ${step.status}: ${text.slice(0, 100)}`]
  const due = step.headers.filter((name) => !(mayHaveMore && goneHeaders.has(name)))
  const found = due.filter((name) => !headers.has(name)).map((name) => `header ${name}: missing`)
  const type = headers.get('content-type')?.split(';')[0]
  if (step.type !== undefined && type !== step.type) found.push(`type ${type} for ${step.type}`)
  if (step.shape !== undefined) found.push(...differences(step.shape, JSON.parse(text), '$', mayHaveMore))
  const events = step.events && eventsOf(text)
  for (const [kind, shape] of Object.entries(step.events ?? {}))
    if (!events?.has(kind)) found.push(`no event ${kind}`)
    else found.push(...differences(shape, events.get(kind), kind, mayHaveMore))
  return found
}

const leafBytes = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, member) => sum + leafBytes(member), 0)
    : Buffer.byteLength(JSON.stringify(value))

const pick = (body: unknown, at: string) =>
  at
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter((key) => key !== '')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body)

/** Of each case what differs; of each answer whose values are known by their length, how long it is with these. */
async function compare(running: Running, one: Case) {
  const known: Record<string, string> = {}
  const found: string[] = []
  const lengths: { readonly ours: number; readonly recorded: number }[] = []
  for (const [place, step] of one.steps.entries()) {
    const answer = await ask(running, step, known)
    found.push(...stepDifferences(step, answer, isOld(one)).map((line) => `${place}: ${line}`))
    for (const [name, at] of Object.entries(step.capture ?? {})) known[name] = String(pick(JSON.parse(answer.text), at))
    if (step.length === undefined || step.shape === undefined || answer.status !== step.status) continue
    const body: unknown = JSON.parse(answer.text)
    // What has members that have come since is longer.
    if (differences(step.shape, body, '$', false).length > 0) continue
    const ours = Buffer.byteLength(answer.text) - leafBytes(body) + (step.valueBytes ?? 0)
    lengths.push({ ours, recorded: step.length })
  }
  return { found, lengths }
}

describe.each(hosts)('as recorded, through $name', ({ start }) => {
  const running: Running[] = []
  beforeAll(async () => {
    running.push(...(await Promise.all(groups.map((group) => start(simulatorOf(group))))))
  })
  afterAll(() => Promise.all(running.map(({ stop }) => stop())))

  const told: { readonly ours: number; readonly recorded: number }[] = []
  it.each(groups.flatMap(({ cases: list }, at) => list.map((one) => [one.name, one, at] as const)))(
    '%s',
    async (_, one, at) => {
      const { found, lengths } = await compare(running[at] as Running, one)
      expect(found.join('\n')).toBe('')
      expect(lengths.map(({ ours }) => ours)).toEqual(lengths.map(({ recorded }) => recorded))
      told.push(...lengths)
    },
  )

  it('at least twenty answers have the recorded length to the byte, with the recorded values in them', () => {
    expect(told.length).toBeGreaterThanOrEqual(20)
  })
})

it('every case that is left out is one', () => {
  const names = new Set(all.map(({ name }) => name))
  expect(Object.keys(leftOut).filter((name) => !names.has(name))).toEqual([])
})
