/** Whether a wait that was asked for is waited for. */
import { idsOf, type MarkJudge, mark, pairsOf, unknown } from '../mark.ts'
const name = 'retryAfterHonoured'
const advice =
  'Wait for retry-after-ms, or retry-after in seconds, before the next attempt; a wait of 0 still needs a pause.'
const slackMs = 50

export const retryAfterHonoured: MarkJudge = ({ calls, ambiguous, fail }) => {
  const asked = pairsOf(calls).filter(({ last }) => last.waitMs > 0 && (last.status === 429 || last.status >= 500))
  if (asked.length === 0) return unknown(name, 'No attempt followed one that was told to wait.', advice)
  const threshold = fail.retryAfterHonoured
  const early = asked.filter(({ last, gapMs }) => gapMs < threshold * last.waitMs - slackMs)
  const worst = early.toSorted((one, other) => one.gapMs / one.last.waitMs - other.gapMs / other.last.waitMs)[0]
  // As openai-java does, which never waits for longer than 8 s.
  const isClamped = early.length > 0 && early.every(({ last, gapMs }) => last.waitMs > 8_000 && gapMs >= 7_000)
  const clamp = isClamped ? ' Waits up to 8 s are honoured, longer ones are not.' : ''
  return mark({
    name,
    level: early.length > 0 ? 'fail' : 'pass',
    count: early.length,
    of: asked.length,
    threshold,
    ambiguous,
    ...(worst && { example: idsOf([worst.last, worst.next]) }),
    why: worst
      ? `After ${Math.round(worst.gapMs)} ms, where ${Math.round(worst.last.waitMs)} ms were asked for.${clamp}`
      : 'Every wait was waited for.',
    advice,
  })
}
