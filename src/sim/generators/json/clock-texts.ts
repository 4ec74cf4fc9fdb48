/**
 * Texts that were drawn by a pattern and look like a time of day, a date or a duration, made into one that a type can
 * read: `74:60` fits `\d\d:\d\d` as well as `14:00` does, and no clock shows it.
 */
import { table } from '../../base/object.ts'
import type { Random } from '../../random.ts'

/** Whether what is mended here may be in a text. */
export const mayTellTime = (text: string): boolean => /\d[:./h-]\d|^[+-]?P|\d\s*[ap]\.?m|\dT\d/i.test(text)

/** A duration that says nothing, as an expression of optional parts gives now and then. */
export const isEmptyDuration = (text: string): boolean => /^[+-]?P(?:T|.*T)?$/.test(text)

/** The same text with its hours, months and so on as there are. Nothing else of it changes. */
export function readableTime(text: string, random: Random): string {
  if (text.length > longest) return text
  if (isoDuration.test(text)) return readableDuration(text, random)
  let result = text
  for (const [form, ranges] of forms)
    result = result.replace(form, (...found: (string | undefined)[]) =>
      ranges.map((range, at) => (range ? within(found[at + 1] ?? '', range, random) : (found[at + 1] ?? ''))).join(''),
    )
  return result
}

const longest = 200

type Range = readonly [from: number, count: number]
const year: Range = [1970, 130]
const month: Range = [1, 12]
/** That every month has. */
const day: Range = [1, 28]
const hour: Range = [0, 24]
const halfHour: Range = [1, 12]
const sixty: Range = [0, 60]
const zone: Range = [0, 14]

/** Each expression captures all of what it matches, and a range stands for each group that is a number. */
const forms: readonly (readonly [form: RegExp, ranges: readonly (Range | undefined)[]])[] = [
  [/^(\d{4})(\d\d)(\d\d)(T)(\d\d)(\d\d)(\d\d)(?=Z?$)/, [year, month, day, undefined, hour, sixty, sixty]],
  [/^(\d{4})([-/])(\d\d)$/, [year, undefined, month]],
  [/^(\d{1,2})(h)(\d\d)$/, [hour, undefined, sixty]],
  [/(?<!\d)(\d{4})([-/.])(\d\d)(\2)(\d\d)(?!\d)/, [year, undefined, month, undefined, day]],
  // Which of the two is the month differs by country: both could be.
  [/(?<![\d.])(\d{1,2})([-/.])(\d{1,2})(\2)(\d{4})(?![\d.])/, [month, undefined, month, undefined, year]],
  [/(?<![\d.])(\d{1,2})([-/.])(\d{1,2})(\2)(?=\d\d(?![\d.]))/, [month, undefined, month, undefined]],
  // Days as .NET writes them: of what comes before the clock, three digits are kept.
  [/(?<![\d.])(\d{1,3})\d*(\.)(?=\d\d:\d\d:\d\d)/, [undefined, undefined]],
  [
    /(?<![^\WT]|:)(\d{1,2})(:)(\d\d)(:?)(\d\d)?(\s*[ap]\.?m\b\.?)/gi,
    [halfHour, undefined, sixty, undefined, sixty, undefined],
  ],
  [/(?<![^\WT]|:)(\d{1,2})(:)(\d\d)(?![\w:]*:\d)(?!:|\s*[ap]\.?m\b)/gi, [hour, undefined, sixty]],
  [/(?<![^\WT]|:)(\d{1,2})(:)(\d\d)(:)(\d\d)(?![\w:]*:)/gi, [hour, undefined, sixty, undefined, sixty]],
  [/(?<![\w:.])(\d{1,2})(?=\s*[ap]\.?m\b)/gi, [halfHour]],
  [/(?<=\d)([+-])(\d\d)(:?)(\d\d)$/, [undefined, zone, undefined, sixty]],
]

/** As many digits, and a number of the range: the same, where it is one. */
function within(digits: string, [from, count]: Range, random: Random): string {
  const value = Number(digits)
  if (digits === '' || (value >= from && value < from + count)) return digits
  const open = digits.length === 1 ? Math.min(count, 10 - from) : count
  return String(from + random.below(open)).padStart(digits.length, '0')
}

const isoDuration = /^[+-]?P[\dYMWDHTS.,]*$/

function readableDuration(text: string, random: Random): string {
  const clockAt = text.includes('T') ? text.indexOf('T') : Infinity
  return text.replaceAll(/(\d+)(?=([YMWDHS.,]))/g, (digits: string, _: string, unit: string, at: number) =>
    within(digits.slice(0, 2), unit === 'M' && at < clockAt ? month : (units[unit] ?? sixty), random),
  )
}

const units: Readonly<Record<string, Range>> = table({ Y: [0, 10], W: [0, 53], D: [0, 31], H: hour })
