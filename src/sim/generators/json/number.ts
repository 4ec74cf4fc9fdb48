/** Numbers within a schema's bounds. */
import { isMultiple, numberOf, type Schema, type Source } from './value.ts'
import { pay, type Work } from './work.ts'

export function drawNumber(schema: Schema, isInteger: boolean, { random, work }: Source): number {
  pay(work, usualCharacters)
  const { min, max, isAboveMin, isBelowMax } = boundsOf(schema)
  const fits = (value: number) => (isAboveMin ? value > min : value >= min) && (isBelowMax ? value < max : value <= max)

  const step = stepOf(schema, isInteger, work)
  if (step === undefined) {
    const value = min + random.fraction() * (max - min)
    const rounded = Number(value.toFixed(2))
    return fits(rounded) ? rounded : fits(value) ? value : (min + max) / 2
  }
  const first = Math.max(Math.ceil(min / step - nearly), -Number.MAX_SAFE_INTEGER)
  const last = Math.min(Math.floor(max / step + nearly), Number.MAX_SAFE_INTEGER)
  const drawn = Math.min(last, first + Math.floor(random.fraction() * (last - first + 1)))
  // A step such as 0.01 has multiples that binary fractions miss; a neighbour will do.
  for (const from of [drawn, first])
    for (let times = from; times <= Math.min(last, from + maxTries) && work.steps > 0; times++) {
      work.steps -= trySteps
      const value = multiple(times, step)
      if (fits(value) && isMultiple(value, step)) return value
    }
  return multiple(drawn, step)
}

/** How far a number goes from the one bound that is given. */
const usualRange = 100
const nearly = 1e-9
const maxTries = 1000
/** Of making one multiple and looking at it. */
const trySteps = 5
/** That a number has. */
const usualCharacters = 6

type Bounds = {
  readonly min: number
  readonly max: number
  readonly isAboveMin: boolean
  readonly isBelowMax: boolean
}

/** In old drafts `exclusiveMinimum: true` is about `minimum`; since 2019 it is a bound of its own. */
function boundsOf(schema: Schema): Bounds {
  const minimum = numberOf(schema.minimum)
  const maximum = numberOf(schema.maximum)
  const above = schema.exclusiveMinimum === true ? minimum : numberOf(schema.exclusiveMinimum)
  const below = schema.exclusiveMaximum === true ? maximum : numberOf(schema.exclusiveMaximum)
  const lower = above === undefined ? minimum : Math.max(above, minimum ?? above)
  const upper = below === undefined ? maximum : Math.min(below, maximum ?? below)
  const range = Math.max(usualRange, (numberOf(schema.multipleOf) ?? 0) * usualRange)
  // Far from zero, a hundred more may be the same number.
  const min = lower ?? (upper === undefined || upper > 0 ? 0 : upper - Math.max(range, Math.abs(upper)))
  const max = upper ?? min + Math.max(range, Math.abs(min))
  return { min, max, isAboveMin: above === min, isBelowMax: below === max }
}

function stepOf(schema: Schema, isInteger: boolean, work: Work): number | undefined {
  const step = numberOf(schema.multipleOf)
  if (step === undefined || step <= 0) return isInteger ? 1 : undefined
  if (!isInteger || Number.isInteger(step)) return step
  // The least multiple that is whole: of 0.25 it is 1, of 1.5 it is 3.
  for (let times = 1; times <= maxTries && work.steps > 0; times++) {
    work.steps -= trySteps
    if (Number.isInteger(multiple(times, step))) return multiple(times, step)
  }
  return 1
}

/** Without the noise of binary fractions: 3 times 0.1 is 0.3. */
function multiple(times: number, step: number): number {
  if (Number.isInteger(step)) return times * step
  const [, fraction = '', exponent = '0'] = /^[^.e]*\.?(\d*)(?:e(.*))?$/.exec(String(step)) ?? []
  const decimals = Math.min(100, Math.max(0, fraction.length - Number(exponent)))
  return Number((times * step).toFixed(decimals))
}
