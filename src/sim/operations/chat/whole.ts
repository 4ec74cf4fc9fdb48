/** A chat completion as one body, keys sorted and a newline at its end (recorded March 2026). */
import { step, timesInSteps } from '../../base/slices.ts'
import type { Call } from '../../operation.ts'
import type { ChatBody } from './body.ts'
import { callMembers, chatFinish } from './calls.ts'
import { newId, objectName, routingMember, serviceTier } from './envelope.ts'
import { createdSeconds, fingerprint, servedName } from '../parts/model-fields.ts'
import { hasPictures } from './back-end.ts'
import { wholeOwnData } from './own-data-answer.ts'
import { isOneLook, pictureResultsOf, promptResultsOf } from './prompt-results.ts'
import { soundText, wholeSpeech, withSound } from './speech.ts'
import type { ChatAnswer } from './stream.ts'
import type { Choice } from '../../answers/choice.ts'
import {
  answerKeys,
  filterMember,
  filterResults,
  fourKeys,
  orderedKeys,
  ungradedAnswerKeys,
} from '../../answers/filter-results.ts'
import { logprobJson } from '../../answers/token-logprobs.ts'
import { usesFunctions } from '../../answers/tool-choice.ts'
import { chatUsage } from '../parts/chat-usage.ts'

export function wholeChat(call: Call<ChatBody>, answer: ChatAnswer): string {
  const { choices, usage, grounding } = answer
  if (grounding) return wholeOwnData(call, choices, { usage, grounding })
  const about = aboutOf(call, answer)
  const all = choices.map((choice, index) => step(() => wholeChoice(choice, index, about)))
  return `{"choices":[${all.join(',')}${endOf(call, answer)}`
}

/** Whether an answer that nobody keeps is so long that it is better made while it is sent. */
export const isLongChat = ({ choices, usage, grounding, id }: ChatAnswer): boolean =>
  id === undefined &&
  !grounding &&
  !choices.some(({ likelihood }) => likelihood) &&
  (usage.completionTokens > longTokens ||
    choices.reduce((sum, { speech }) => sum + (speech?.seconds ?? 0), 0) > longSeconds)

/** A text of half a megabyte, a sound of six. */
const longTokens = 100_000
const longSeconds = 90

/** The same in pieces. What is drawn for it is drawn at once. */
export function longChat(call: Call<ChatBody>, answer: ChatAnswer): Iterable<string> {
  const about = { ...aboutOf(call, answer), isMute: true }
  const spoken = answer.choices.map((choice, index) => (choice.speech ? wholeChoice(choice, index, about) : undefined))
  return piecesOf(about, spoken, endOf(call, answer))
}

function* piecesOf(about: About, spoken: readonly (string | undefined)[], end: string): Generator<string> {
  for (const [index, choice] of about.answer.choices.entries()) {
    yield index === 0 ? '{"choices":[' : ','
    const written = spoken[index]
    if (written === undefined || !choice.speech) yield wholeChoice(choice, index, about)
    else yield* withSound(written, choice.speech)
  }
  yield end
}

function aboutOf(call: Call<ChatBody>, answer: ChatAnswer): About {
  return { call, answer, isPicture: hasPictures(call.body), isLegacyCall: usesFunctions(call.body), isMute: false }
}

/** What follows the choices. */
function endOf(call: Call<ChatBody>, answer: ChatAnswer): string {
  const { usage, details, checkpoint } = answer
  const isPicture = hasPictures(call.body)
  return (
    `],"created":${createdSeconds(call)},"id":"${answer.id ?? newId(call)}",` +
    `"model":${servedName(call)},"object":"${objectName(call.body)}","prompt_filter_results":` +
    `${isPicture ? pictureResultsOf(call, answer) : `[{"prompt_index":0,"content_filter_results":${promptResultsOf(call, answer)}}]`},` +
    `${isPicture ? '' : routingMember(call) + serviceTier(call)}"system_fingerprint":${fingerprint(call.deployment.model)},` +
    `"usage":${chatUsage(usage, details, checkpoint)}}${isPicture ? '' : '\n'}`
  )
}

type About = {
  readonly call: Call<ChatBody>
  readonly answer: ChatAnswer
  readonly isPicture: boolean
  readonly isLegacyCall: boolean
  /** What is heard is put in later. */
  readonly isMute: boolean
}

function wholeChoice(choice: Choice, index: number, about: About): string {
  const { isLegacyCall } = about
  const { filter } = about.answer
  const { finishReason, calls, verdict } = choice
  const { model } = about.call.deployment
  const isBlocked = finishReason === 'content_filter'
  // Both tell of the graded categories, and of those that rules look for (recorded January and November 2025).
  const isGraded = isBlocked || (about.isPicture && !isOneLook(model))
  const usualKeys = orderedKeys(isGraded ? fourKeys : answerKeys, model)
  const keys = about.call.match.isWithin ? ungradedAnswerKeys : usualKeys
  const results = calls || isThoughtAlone(choice) ? '{}' : filterResults(filter, keys, verdict)
  // Recorded January 2025: what was blocked has a message without content, and none in an edited sample of April 2024.
  const isHidden = isBlocked && !filter.keepsPartialAnswers
  const hidden = filter.omitsMessages ? '' : ',"message":{"refusal":null,"role":"assistant"}'
  const message = isHidden ? hidden : `,"message":${messageOf(choice, about)}`
  return (
    `{${filterMember(filter, results)},"finish_reason":"${chatFinish(finishReason, isLegacyCall)}",` +
    `"index":${index},"logprobs":${isHidden ? 'null' : logprobsOf(choice)}${message}}`
  )
}

/** Thinking took all that there was, so that nothing was left to look at (recorded February and April 2025). */
const isThoughtAlone = ({ finishReason, text, reasoningTokens = 0 }: Choice): boolean =>
  finishReason === 'length' && text.count === 0 && reasoningTokens > 0

function messageOf(choice: Choice, { call, isLegacyCall, isMute }: About): string {
  const { text, calls, speech, thoughts, isRefusal } = choice
  const { before, after } = calls ? callMembers(calls, isLegacyCall) : noMembers
  const sound = speech ? `${wholeSpeech(call, choice, isMute ? '' : soundText(speech))},` : ''
  return (
    `{"annotations":[],${sound}"content":${speech || isRefusal ? 'null' : text.json()},${before}` +
    `${thoughts ? `"reasoning_content":${thoughts.json()},` : ''}"refusal":${isRefusal ? text.json() : 'null'},"role":"assistant"${after}}`
  )
}

const noMembers = { before: '', after: '' }

function logprobsOf({ text, likelihood, isRefusal }: Choice): string {
  if (!likelihood) return 'null'
  const tokens = timesInSteps(text.count, (at) => logprobJson(likelihood, text.at(at), at))
  return isRefusal
    ? `{"content":null,"refusal":[${tokens.join(',')}]}`
    : `{"content":[${tokens.join(',')}],"refusal":null}`
}
