/**
 * Compares an answer with a recorded one by what a client's code could trip over: which keys are where, of which types,
 * in which order, how the text is laid out, and which events follow which. What texts and numbers say does not matter.
 */

/** Of a list, the distinct shapes of its items. */
type Shape = string | { readonly items: readonly Shape[] } | { readonly members: ReadonlyMap<string, Shape> }

/** Each difference as a line: where, and what. None: the shapes agree. */
export type Differences = readonly string[]

export function bodyDifferences(recorded: string, ours: string): Differences {
  const isStream = recorded.startsWith('data:') || recorded.startsWith('event:')
  return isStream ? streamDifferences(recorded, ours) : jsonDifferences(recorded, ours)
}

/** Of two JSON texts, their layout included. */
export function jsonDifferences(recorded: string, ours: string): Differences {
  const layouts = { recorded: layoutOf(recorded), ours: layoutOf(ours) }
  return [
    ...(layouts.recorded === layouts.ours ? [] : [`layout: ${layouts.ours} instead of ${layouts.recorded}`]),
    ...valueDifferences(JSON.parse(recorded), JSON.parse(ours)),
  ]
}

/** Of two values, for what has no text of its own. */
export const valueDifferences = (recorded: unknown, ours: unknown): Differences =>
  compare(shapeOf(recorded), shapeOf(ours), '')

/** Of two event streams: the same kinds of events in the same order, however many of a kind there are in a row. */
export function streamDifferences(recorded: string, ours: string): Differences {
  const events = { recorded: eventsOf(recorded), ours: eventsOf(ours) }
  const order = { recorded: runsOf(events.recorded).join(' > '), ours: runsOf(events.ours).join(' > ') }
  if (order.recorded !== order.ours) return [`events: ${order.ours} instead of ${order.recorded}`]
  const kinds = new Set(events.recorded.map(({ kind }) => kind))
  return [...kinds].flatMap((kind) => {
    const [theirs, our] = [events.recorded, events.ours].map((list) =>
      distinct(list.filter((event) => event.kind === kind).map(({ data }) => shapeOf(data))),
    ) as [Shape[], Shape[]]
    return unique(our.flatMap((shape) => nearest(theirs, shape, kind)))
  })
}

type Headers = Readonly<Record<string, string>>

/** Of two sets of headers: the names, and what kind of value each has. */
export function headerDifferences(recorded: Headers, ours: Headers): Differences {
  const differences: string[] = []
  for (const [name, value] of Object.entries(ours)) {
    const theirs = recorded[name]
    if (theirs === undefined) differences.push(`header ${name}: not in the recording`)
    else if (!isMasked(theirs) && kindOfValue(theirs) !== kindOfValue(value))
      differences.push(`header ${name}: ${kindOfValue(value)} instead of ${kindOfValue(theirs)}`)
  }
  for (const name of Object.keys(recorded)) if (!(name in ours)) differences.push(`header ${name}: missing`)
  return differences
}

/** Who kept the recording hid what could tell who they are. */
const isMasked = (value: string) => /(^|-)XXX$/.test(value)

/** Names of deployments and regions are anybody's; other words are the service's own. */
function kindOfValue(value: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return 'a guid'
  if (/^-?\d+$/.test(value)) return 'a whole number'
  if (/^(true|false)$/i.test(value)) return `"${value}"`
  return 'a text'
}

type Event = { readonly kind: string; readonly data: unknown }

/** The events of a stream; `kind` is its name, its `type`, or what a chunk of a completion carries. */
export function eventsOf(stream: string): readonly Event[] {
  return stream
    .split(/\r?\n\r?\n/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const fields = new Map(block.split(/\r?\n/).map((line) => line.split(/: (.*)/s, 2) as [string, string]))
      const text = fields.get('data') ?? ''
      if (text === '[DONE]') return { kind: text, data: text }
      const data: unknown = JSON.parse(text)
      return { kind: fields.get('event') ?? kindOf(data), data }
    })
}

type Chunk = {
  readonly type?: string
  readonly usage?: unknown
  readonly error?: unknown
  readonly choices?: readonly {
    readonly text?: string
    readonly finish_reason?: string | null
    readonly content_filter_offsets?: unknown
    readonly delta?: { readonly role?: string; readonly tool_calls?: readonly { readonly id?: string }[] }
  }[]
}

function kindOf(data: unknown): string {
  const { type, usage, error, choices = [] } = data as Chunk
  if (type !== undefined) return type
  if (error !== undefined) return 'error'
  const [choice] = choices
  if (!choice) return usage ? 'usage' : 'prompt filter'
  if (choice.content_filter_offsets !== undefined) return 'filter'
  if (choice.finish_reason != null) return 'finish'
  const calls = choice.delta?.tool_calls
  if (calls) return choice.delta.role ? 'role and call' : calls[0]?.id === undefined ? 'arguments' : 'call'
  if (choice.text !== undefined) return 'content'
  // A chunk without a delta opened streams in 2025.
  return choice.delta === undefined || choice.delta.role !== undefined ? 'role' : 'content'
}

const runsOf = (events: readonly Event[]) =>
  events.map(({ kind }) => kind).filter((kind, at, kinds) => kind !== kinds[at - 1])

function layoutOf(json: string): string {
  const end = json.endsWith('\n') ? ' with a closing newline' : ''
  const indent = /^[{[]\n( +)/.exec(json)?.[1]?.length
  if (indent !== undefined) return `indented by ${indent}${end}`
  return (/^\{\s*"[^"]*": /.test(json) ? 'spaced' : 'compact') + end
}

function shapeOf(value: unknown): Shape {
  if (value === null) return 'null'
  if (Array.isArray(value)) return { items: distinct(value.map(shapeOf)) }
  if (typeof value !== 'object') return typeof value
  return { members: new Map(Object.entries(value).map(([key, member]) => [key, shapeOf(member)])) }
}

function compare(recorded: Shape, ours: Shape, at: string): Differences {
  const here = at === '' ? 'body' : at
  if (typeof recorded === 'string' || typeof ours === 'string')
    return recorded === ours ? [] : [`${here}: ${nameOf(ours)} instead of ${nameOf(recorded)}`]
  if ('items' in recorded && 'items' in ours) {
    const [theirs, our] = [recorded.items, ours.items]
    if ((theirs.length === 0) !== (our.length === 0))
      return [`${here}[]: ${our.length === 0 ? 'empty' : 'items where the recording has none'}`]
    return unique(our.flatMap((item) => nearest(theirs, item, `${at}[]`)))
  }
  if (!('members' in recorded && 'members' in ours)) return [`${here}: ${nameOf(ours)} instead of ${nameOf(recorded)}`]
  return memberDifferences(recorded.members, ours.members, at)
}

type Members = ReadonlyMap<string, Shape>

function memberDifferences(recorded: Members, ours: Members, at: string): Differences {
  const below = (key: string) => (at === '' ? key : `${at}.${key}`)
  const common = (of: Members, other: Members) => [...of.keys()].filter((key) => other.has(key)).join(', ')
  const [theirOrder, ourOrder] = [common(recorded, ours), common(ours, recorded)]
  return [
    ...[...recorded.keys()].filter((key) => !ours.has(key)).map((key) => `${below(key)}: missing`),
    ...[...ours.keys()].filter((key) => !recorded.has(key)).map((key) => `${below(key)}: not in the recording`),
    ...(theirOrder === ourOrder ? [] : [`${at === '' ? 'body' : at}: keys in the order ${ourOrder}`]),
    ...[...recorded].flatMap(([key, shape]) => {
      const our = ours.get(key)
      return our === undefined ? [] : compare(shape, our, below(key))
    }),
  ]
}

/** What sets `shape` apart from the recorded one that it is most like. */
const nearest = (recorded: readonly Shape[], shape: Shape, at: string): Differences =>
  recorded
    .map((candidate) => compare(candidate, shape, at))
    .reduce((best, next) => (next.length < best.length ? next : best))

const nameOf = (shape: Shape) => (typeof shape === 'string' ? shape : 'items' in shape ? 'a list' : 'an object')

const unique = (lines: Differences): Differences => [...new Set(lines)]

function distinct(shapes: readonly Shape[]): Shape[] {
  const byText = new Map(shapes.map((shape) => [textOf(shape), shape]))
  return [...byText.values()]
}

function textOf(shape: Shape): string {
  if (typeof shape === 'string') return shape
  if ('items' in shape) return `[${shape.items.map(textOf).join('|')}]`
  return `{${[...shape.members].map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`).join()}}`
}
