/** Changes a request at random: values that no schema expects, at places where something else is expected. */
import type { Random } from '../../src/sim/random.ts'
import type { Attack } from './attacked.ts'

const oddTexts = [
  '',
  '\ud800',
  '\udfff\ud800',
  '\u0000',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  '../../x',
  '%ff',
  '😀',
  'data:image/png;base64,',
  'file-\ud800',
  '1e999',
  'x'.repeat(300),
]
const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  9007199254740993,
  [],
  {},
  [[]],
  [null],
  { toString: 1, valueOf: 1 },
  { toJSON: 1 },
  { constructor: { name: 1 } },
  { length: -1 },
  { type: 'constructor' },
  { $ref: '#' },
  { then: 1 },
  ...oddTexts,
]
const oddKeys = [...oddTexts.slice(0, 9), 'type', 'content', 'length', 'then', 'toJSON', '$ref', 'stream', 'n', 'name']

const pick = <T>(from: readonly T[], random: Random) => from[random.below(from.length)] as T

/** Each its own: what is put in is changed again. */
const oddValue = (random: Random): unknown => structuredClone(pick(oddValues, random))

type Holder = Record<string, unknown> | unknown[]

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

/** Every place in it: who holds it, and under which name. */
function placesIn(value: unknown, places: (readonly [Holder, string])[] = []): (readonly [Holder, string])[] {
  if (!isHolder(value)) return places
  for (const key of Object.keys(value)) {
    places.push([value, key])
    placesIn((value as Record<string, unknown>)[key], places)
  }
  return places
}

const put = (holder: Holder, key: string, value: unknown) =>
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true })

const valueAt = ([holder, key]: readonly [Holder, string]) => (holder as Record<string, unknown>)[key]

function mutateJson(body: unknown, random: Random): unknown {
  const places = placesIn(body)
  const place = places.length > 0 ? pick(places, random) : undefined
  if (!place) return oddValue(random)
  const [holder, key] = place
  const value = valueAt(place)
  switch (random.below(6)) {
    case 0:
      Reflect.deleteProperty(holder, key)
      break
    case 1:
      if (isHolder(value) && !Array.isArray(value)) put(value, pick(oddKeys, random), oddValue(random))
      else put(holder, key, { [pick(oddKeys, random)]: oddValue(random) })
      break
    case 2:
      // What stands elsewhere in the same body has a right form, in a wrong place.
      put(holder, key, structuredClone(valueAt(pick(places, random))))
      break
    case 3:
      put(holder, key, [value, value, oddValue(random)])
      break
    default:
      put(holder, key, oddValue(random))
  }
  return body
}

function mutateText(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const end = Math.min(text.length, at + random.below(12))
  const instead = pick(['', '\r\n', '"', ';', '--x', '=', '{', '\u0000', 'é', text.slice(at, end).repeat(3)], random)
  return text.slice(0, at) + instead + text.slice(end)
}

const oddNames = [
  'limit',
  'after',
  'order',
  'api-version',
  'include[]',
  'metadata[__proto__]',
  'stream',
  'filter',
  'since',
]
const oddHeaders = [
  ...['x-sim-tokens', 'x-sim-error', 'x-sim-fault', 'x-sim-text', 'x-sim-seed', 'x-sim-session', 'x-sim-retry-after'],
  ...['content-type', 'accept', 'if-match', 'authorization', 'anthropic-version', 'x-ms-client-request-id', 'range'],
]
const oddWords = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '-0',
  '1e400',
  'NaN',
  '9'.repeat(40),
  '%',
  '%00',
  'null',
]

const withOddName = (path: string, random: Random) =>
  `${path}${path.includes('?') ? '&' : '?'}${pick(oddNames, random)}=${encodeURIComponent(pick(oddWords, random))}`

const isJson = ({ headers, body }: Attack) => typeof body === 'string' && !headers?.['content-type']

export function mutate(good: Attack, random: Random): Attack {
  const times = 1 + random.below(3)
  let { body = '', path } = good
  if (isJson(good) && body !== '') {
    let value: unknown = JSON.parse(body as string)
    for (let time = 0; time < times; time++) value = mutateJson(value, random)
    body = JSON.stringify(value)
    if (random.below(12) === 0) body = mutateText(body, random)
  } else if (body !== '') for (let time = 0; time < times; time++) body = mutateText(body as string, random)
  else path = encodeURI(mutateText(decodeURI(path), random).toWellFormed()).replaceAll(/[^\x21-\x7e]/g, '')
  if (random.below(10) === 0) path = withOddName(path, random)
  const headers =
    random.below(10) > 0 ? good.headers : { ...good.headers, [pick(oddHeaders, random)]: pick(oddWords, random) }
  return { ...good, path: path.startsWith('/') ? path : `/${path}`, body, ...(headers && { headers }) }
}
