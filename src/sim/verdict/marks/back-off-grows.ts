/** Whether waits grow from attempt to attempt where none was asked for. */
import type { RetriedCall } from '../calls.ts'
import { idsOf, type MarkJudge, mark, pairsOf, rounded, unknown } from '../mark.ts'
import { mayPass } from '../sighting.ts'
import { medianOf } from '../median.ts'
const name = 'backOffGrows'
const advice = 'Double the wait from attempt to attempt, from half a second on, and draw a part of it by chance.'

export const backOffGrows: MarkJudge = ({ calls, ambiguous, warn, fail }) => {
  const own = pairsOf(calls).filter(({ last }) => mayPass(last) && !(last.waitMs > 0))
  if (own.length === 0)
    return unknown(name, 'No failure without a wait of its own was followed by another attempt.', advice)
  const hasty = own.filter(({ gapMs }) => gapMs < fail.backOffGrows)
  const grown = calls.map(growthsOf).filter(({ growths }) => growths.length > 0)
  const growth = medianOf(grown.flatMap(({ growths }) => growths))
  // A few who wait as long each time are no middle of many who do not.
  const even = grown.filter(({ growths }) => growths.every(isEven))
  const isFlat =
    growth !== undefined &&
    (growth < warn.backOffGrows || even.length / grown.length > evenShare || hasEvenCallers(grown))
  const worst = hasty[0] ?? even[0]?.first ?? grown[0]?.first
  return mark({
    name,
    level: hasty.length > 0 ? 'fail' : isFlat ? 'warn' : 'pass',
    count: hasty.length,
    of: own.length,
    ...(growth !== undefined && { value: rounded(growth) }),
    threshold: hasty.length > 0 ? fail.backOffGrows : warn.backOffGrows,
    ambiguous,
    ...(worst && (hasty.length > 0 || isFlat) && { example: idsOf([worst.last, worst.next]) }),
    why:
      hasty.length > 0
        ? `After ${Math.round(hasty[0]?.gapMs ?? 0)} ms it was tried again.`
        : growth === undefined
          ? 'No call had two waits to compare.'
          : `Each wait is ${rounded(growth)} times the one before, in the middle; ${even.length} of ${grown.length} calls waited as long each time.`,
    advice,
  })
}

/** Two waits are as long where the one is less than so many times the other. */
const evenTimes = 1.1
const isEven = (growth: number) => growth > 1 / evenTimes && growth < evenTimes
/** By chance a few calls of a client that draws its waits have two that are as long. */
const evenShare = 0.1

/**
 * Whether some callers, told by their connections, wait as long each time in all that they do, beside many who do not: more
 * of them than chance makes.
 */
function hasEvenCallers(grown: readonly ReturnType<typeof growthsOf>[]): boolean {
  const callers = new Map<number, number[]>()
  for (const { first, growths } of grown) {
    const connection = first?.last.connection ?? NaN
    if (!Number.isNaN(connection)) callers.set(connection, [...(callers.get(connection) ?? []), ...growths])
  }
  const known = [...callers.values()].filter((growths) => growths.length >= minGrowths)
  const byChance = known.reduce((sum, growths) => sum + evenShare ** growths.length, 0)
  return known.filter((growths) => growths.every(isEven)).length > byChance + 3 * Math.sqrt(byChance) + 0.5
}

const minGrowths = 3

function growthsOf({ attempts }: RetriedCall) {
  const pairs = pairsOf([{ attempts, isAmbiguous: false, isOpen: false }]).filter(
    ({ last }) => mayPass(last) && !(last.waitMs > 0),
  )
  const gaps = pairs.map(({ gapMs }) => Math.max(1, gapMs))
  return { first: pairs[0], growths: gaps.slice(1).map((gap, at) => gap / (gaps[at] ?? gap)) }
}
