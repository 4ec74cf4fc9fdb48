/** The formats of JSON schema: a text of each, and whether a text is one. */
import { table } from '../../base/object.ts'
import { hexText, type Random, uuid } from '../../random.ts'
import type { Lengths } from './pattern.ts'
import { words } from '../text/words.ts'

/** `undefined` for a format that nobody knows. Where it can be, it is as long as `least`. */
export function drawFormat(format: string, { min }: Lengths, random: Random): string | undefined {
  const two = (from: number, count: number) => String(from + random.below(count)).padStart(2, '0')
  const date = () => `${2024 + random.below(3)}-${two(1, 12)}-${two(1, 28)}`
  const time = () => `${two(0, 24)}:${two(0, 60)}:${two(0, 60)}`
  const word = () => (words[random.below(words.length)] ?? 'word').toLowerCase()
  const host = () => `${word()}.example.com`
  /** Grows by what `more` gives until it is long enough. */
  const grown = (start: string, more: () => string, end: string) => {
    let text = start
    while (text.length + end.length < min && text.length < longest) text += more()
    return text + end
  }
  switch (format) {
    case 'date-time':
    case 'iso-date-time':
      return `${date()}T${time()}Z`
    case 'date':
      return date()
    case 'time':
    case 'iso-time':
    case 'local-time':
    case 'partial-time':
    case 'time-span':
    case 'timespan':
      // Without an offset: .NET's TimeOnly, Java's LocalTime and zod refuse one, Python reads both.
      return time()
    case 'local-date-time':
      return `${date()}T${time()}`
    case 'duration':
      return `P${1 + random.below(28)}DT${1 + random.below(23)}H`
    case 'email':
    case 'idn-email':
      return grown(word(), () => `.${word()}`, `@${host()}`)
    case 'hostname':
    case 'idn-hostname':
      return grown(word(), () => `.${word()}`, '.example.com')
    case 'uri':
    case 'url':
    case 'iri':
    case 'uri-reference':
    case 'iri-reference':
      return grown(`https://${host()}/${word()}`, () => `/${word()}`, '')
    case 'uuid':
      return uuid(random)
    case 'ipv4':
      // Set aside for documentation (RFC 5737), as are the names above (RFC 2606) and the addresses below (RFC 3849).
      return `192.0.2.${1 + random.below(254)}`
    case 'ipv6':
      return `2001:db8::${(1 + random.below(0xffff)).toString(16)}`
    case 'json-pointer':
      return grown(`/${word()}`, () => `/${word()}`, '')
    case 'byte':
      return Buffer.from(hexText(random, 12), 'hex').toString('base64')
    case 'regex':
      return `^${word()}$`
    default:
      return undefined
  }
}

const longest = 2_000

/** True for a format that nobody knows. */
export const fitsFormat = (format: string, text: string): boolean => forms[format]?.test(text) ?? true

const dateForm = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const timeForm = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:z|[+-]\\d\\d:?\\d\\d)'
const byteForm = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'

/** None of them backtracks far. */
const forms: Readonly<Record<string, RegExp>> = table({
  'date-time': new RegExp(`^${dateForm}[t ]${timeForm}$`, 'i'),
  date: new RegExp(`^${dateForm}$`),
  time: new RegExp(`^${timeForm}?$`, 'i'),
  duration: /^P(?=\w)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/,
  email: /^[^\s@]{1,64}@[^\s@]{1,255}$/,
  hostname: /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i,
  uri: /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`]+$/i,
  uuid: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
  ipv4: new RegExp(`^${byteForm}(?:\\.${byteForm}){3}$`),
  ipv6: /^(?=[^:]*:[^:]*:)[\da-f:.]{2,45}$/i,
})
