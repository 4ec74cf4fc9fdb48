/** What the content filter leaves of an answer. */
import type { ContentFilter } from '../config/config.ts'
import type { Ask } from './ask.ts'
import type { Choice } from './choice.ts'
import { cutAt } from './completion-text.ts'
import type { Finding } from './filter-results.ts'
import { judgeAnswer } from './content-filter.ts'
import { cutSpeech } from './spoken-choice.ts'

/** An asynchronous filter looks at about so much of a text at a time (Microsoft's page on content streaming). */
export const windowCharacters = 1_000

export type FilterAsk = Pick<Ask, 'model' | 'isStream' | 'promptTexts'>

/**
 * Ended where something is found that must not be seen. An asynchronous filter finds it after it was streamed: with the
 * rest of the part of the text that it looked at.
 */
export function filterChoice(
  choice: Choice,
  { model, isStream, promptTexts }: FilterAsk,
  filter: ContentFilter,
): Choice {
  // Calls of tools bear no annotations (recorded February 2026).
  if (filter.rules.length === 0 || choice.calls) return choice
  const verdict = judgeAnswer(filter, () => choice.text.text(), promptTexts)
  if (!verdict?.blocked) return verdict ? { ...choice, verdict } : choice
  const { blocked } = verdict
  const end = isStream && filter.mode === 'asynchronous' ? windowEnd(blocked) : blocked.start
  const { length } = choice.text.text()
  // What was found in the last part is found when all has been sent (recorded December 2024 and April 2025).
  if (isStream && filter.mode === 'asynchronous' && end >= length) return { ...choice, verdict }
  const text = end < length ? cutAt(choice.text, end, model.encoding) : choice.text
  const speech = choice.speech && end < length ? cutSpeech(choice.speech, end / length) : choice.speech
  const findings = verdict.findings.filter(({ start }) => start <= blocked.start)
  // Of a whole answer all is counted that was generated (recorded January 2025).
  const hiddenTokens = isStream ? 0 : Math.max(0, choice.text.count - text.count)
  return { ...choice, text, speech, finishReason: 'content_filter', verdict: { findings, blocked }, hiddenTokens }
}

const windowEnd = ({ end }: Finding) => Math.max(1, Math.ceil(end / windowCharacters)) * windowCharacters
