/** Whether waits grow from attempt to attempt where none was asked for. */
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
  const growths = calls.flatMap(({ attempts }) => {
    const gaps = pairsOf([{ attempts, isAmbiguous: false, isOpen: false }])
      .filter(({ last }) => mayPass(last) && !(last.waitMs > 0))
      .map(({ gapMs }) => Math.max(1, gapMs))
    return gaps.slice(1).map((gap, at) => gap / (gaps[at] ?? gap))
  })
  const growth = medianOf(growths)
  const worst = hasty[0] ?? own[0]
  const isFlat = growth !== undefined && growth < warn.backOffGrows
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
          : `Each wait is ${rounded(growth)} times the one before, in the middle.`,
    advice,
  })
}
