/** Texts within a schema's bounds: by its pattern, by its format, else words that suit the property's name. */
import { hexText, type Random, uuid } from '../../random.ts'
import { isEmptyDuration, mayTellTime, readableTime } from './clock-texts.ts'
import { drawFormat } from './formats.ts'
import { drawPattern, fitsPattern, type Lengths } from './pattern.ts'
import { countOf, type Schema, type Source } from './value.ts'
import { isSpent, pay, payUnbroken } from './work.ts'
import { loremText } from '../text/lorem.ts'
import { words } from '../text/words.ts'

/** `name` is that of the property, or `''`. */
export function drawText({ format, pattern, minLength, maxLength }: Schema, name: string, source: Source): string {
  const { random, work } = source
  const lengths = {
    min: Math.min(countOf(minLength) ?? 0, Math.max(0, work.characters)),
    max: countOf(maxLength) ?? Infinity,
  }
  const paid = (text: string) => {
    pay(work, text.length + 2)
    return text
  }
  if (typeof format === 'string') {
    const isRight = (text: string) => typeof pattern !== 'string' || fitsPattern(pattern, text, work)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const text = drawFormat(format, lengths, random)
      if (text === undefined || isSpent(work)) break
      work.steps -= 5 + text.length / 10
      if (text.length >= lengths.min && text.length <= lengths.max && isRight(text)) return paid(text)
    }
  }
  if (typeof pattern === 'string') {
    const text = readable(drawPattern(pattern, lengths, source), () => drawPattern(pattern, lengths, source), {
      random,
      fits: (one) => fitsPattern(pattern, one, work),
    })
    if (text !== undefined) {
      payUnbroken(work, text.length + 2)
      return text
    }
  }
  work.steps -= namedSteps
  return paid(fitted(named(name, random), lengths, random))
}

type Reading = { readonly random: Random; readonly fits: (text: string) => boolean }

/** Where a text tells a time, one that types can read, as far as the pattern has any. */
function readable(first: string | undefined, again: () => string | undefined, { random, fits }: Reading) {
  let text = first
  for (let attempt = 0; text !== undefined && attempt < attempts && isEmptyDuration(text); attempt++) text = again()
  if (text === undefined || !mayTellTime(text)) return text
  const mended = readableTime(text, random)
  return mended === text || fits(mended) ? mended : text
}

const attempts = 20
/** Of finding what suits a name. */
const namedSteps = 15

function fitted(text: string, { min, max }: Lengths, random: Random): string {
  if (text.length >= min && text.length <= max) return text
  let result = text
  while (result.length < min) result += `${result === '' ? '' : ' '}${oneOf(words, random)}`
  result = result.slice(0, Math.max(min, Math.min(max, text.length)))
  // Where it was cut between two words, no space is left at the end.
  return result.endsWith(' ') ? `${result.slice(0, -1)}s` : result
}

type Hint = readonly [name: RegExp, draw: (random: Random) => string]

/** `firstName` and `first-name` have been made `first_name` before. */
const hints: readonly Hint[] = [
  [/(^|_)e?mail(_address)?$/, (random) => format('email', random)],
  [/(^|_)(url|uri|link|website|homepage)$/, (random) => format('uri', random)],
  [/(^|_)(uuid|guid)$/, uuid],
  [/(^|_)id$/, (random) => hexText(random, 8)],
  [/(^|_)(date|day|birthday|deadline)$/, (random) => format('date', random)],
  [/(^|_)(timestamp|datetime|at)$/, (random) => format('date-time', random)],
  [/(^|_)time$/, (random) => format('time', random).slice(0, 5)],
  [/(^|_)(city|town|location|place|destination|origin)$/, (random) => oneOf(cities, random)],
  [/(^|_)country$/, (random) => oneOf(countries, random)],
  [/(^|_)(first|given)_name$/, (random) => oneOf(firstNames, random)],
  [/(^|_)(last|family|sur)_?name$/, (random) => oneOf(lastNames, random)],
  [
    /^(person|author|owner|customer|user|full|contact|participant)(_name)?$/,
    (random) => `${oneOf(firstNames, random)} ${oneOf(lastNames, random)}`,
  ],
  [/(^|_)(phone|mobile|telephone)(_number)?$/, (random) => `+1-555-01${10 + random.below(90)}`],
  [/(^|_)currency(_code)?$/, (random) => oneOf(['EUR', 'USD', 'GBP', 'JPY', 'SEK'], random)],
  [/(^|_)(language|locale)(_code)?$/, (random) => oneOf(['en', 'de', 'fr', 'nl', 'sv'], random)],
  [
    /(^|_)(description|summary|explanation|reason(ing)?|content|message|text|body|comment|answer|output|thought|analysis|details?|notes?)$/,
    (random) => loremText(8 + random.below(12), random),
  ],
]

function named(name: string, random: Random): string {
  const plain = name
    .slice(0, 100)
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
  const hint = hints.find(([form]) => form.test(plain))
  if (hint) return hint[1](random)
  return Array.from({ length: 1 + random.below(3) }, () => oneOf(words, random)).join(' ')
}

const format = (name: string, random: Random) => drawFormat(name, { min: 0, max: Infinity }, random) ?? ''
const oneOf = (choices: readonly string[], random: Random) => choices[random.below(choices.length)] ?? ''

const cities = 'Amsterdam,Berlin,Boston,London,Madrid,Oslo,Paris,San Francisco,Tokyo,Toronto'.split(',')
const countries = 'Canada,France,Germany,Japan,Netherlands,Norway,Spain,United States'.split(',')
const firstNames = 'Ada,Alan,Barbara,Edsger,Grace,John,Katherine,Linus,Margaret,Tim'.split(',')
const lastNames = 'Baker,Carter,Fisher,Hughes,Jansen,Miller,Novak,Santos,Taylor,Weber'.split(',')
