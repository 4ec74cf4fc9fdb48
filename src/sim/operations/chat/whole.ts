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
export function isLongChat({ choices, usage, grounding, id }: ChatAnswer): boolean {
  if (id !== undefined || grounding) return false
  const weights = 1 + (choices[0]?.likelihood?.alternatives ?? -1)
  return (
    usage.completionTokens > longTokens ||
    usage.completionTokens * weights > longWeights ||
    choices.reduce((sum, { speech }) => sum + (speech?.seconds ?? 0), 0) > longSeconds
  )
}

/** A text of half a megabyte, likelihoods of one, a sound of six. */
const longTokens = 100_000
const longWeights = 12_000
const longSeconds = 90

/** The same in pieces. What is drawn for it is drawn at once. */
export function longChat(call: Call<ChatBody>, answer: ChatAnswer): Iterable<string> {
  const about = { ...aboutOf(call, answer), isMute: true }
  const spoken = answer.choices.map((choice) => (choice.speech ? choiceEnd(choice, about) : undefined))
  return piecesOf(about, spoken, endOf(call, answer))
}

function* piecesOf(about: About, spoken: readonly (string | undefined)[], end: string): Generator<string> {
  for (const [index, choice] of about.answer.choices.entries()) {
    yield index === 0 ? '{"choices":[' : ','
    yield choiceStart(choice, index, about)
    yield* logprobPieces(choice, about)
    const written = spoken[index]
    if (written === undefined || !choice.speech) yield choiceEnd(choice, about)
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
  const logprobs = isHidden(choice, about) ? 'null' : logprobsOf(choice)
  return choiceStart(choice, index, about) + logprobs + choiceEnd(choice, about)
}

/** Up to its likelihoods. */
function choiceStart(
  choice: Choice,
  index: number,
  { call, answer: { filter }, isLegacyCall, isPicture }: About,
): string {
  const { finishReason, calls, verdict } = choice
  const { model } = call.deployment
  // Both tell of the graded categories, and of those that rules look for (recorded January and November 2025).
  const isGraded = finishReason === 'content_filter' || (isPicture && !isOneLook(model))
  const usualKeys = orderedKeys(isGraded ? fourKeys : answerKeys, model)
  const keys = call.match.isWithin ? ungradedAnswerKeys : usualKeys
  const results = calls || isThoughtAlone(choice) ? '{}' : filterResults(filter, keys, verdict)
  return (
    `{${filterMember(filter, results)},"finish_reason":"${chatFinish(finishReason, isLegacyCall)}",` +
    `"index":${index},"logprobs":`
  )
}

function choiceEnd(choice: Choice, about: About): string {
  if (!isHidden(choice, about)) return `,"message":${messageOf(choice, about)}}`
  return about.answer.filter.omitsMessages ? '}' : ',"message":{"refusal":null,"role":"assistant"}}'
}

/** Recorded January 2025: what was blocked has a message without content, and none in an edited sample of April 2024. */
const isHidden = ({ finishReason }: Choice, { answer: { filter } }: About): boolean =>
  finishReason === 'content_filter' && !filter.keepsPartialAnswers

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
  const { before, after } = aroundLogprobs(isRefusal)
  return before + timesInSteps(text.count, (at) => logprobJson(likelihood, text.at(at), at)).join(',') + after
}

const aroundLogprobs = (isRefusal: boolean | undefined) =>
  isRefusal
    ? { before: '{"content":null,"refusal":[', after: ']}' }
    : { before: '{"content":[', after: '],"refusal":null}' }

/** The same, some tokens at a time. */
function* logprobPieces(choice: Choice, about: About): Generator<string> {
  const { text, likelihood, isRefusal } = choice
  if (!likelihood || isHidden(choice, about)) {
    yield 'null'
    return
  }
  const { before, after } = aroundLogprobs(isRefusal)
  yield before
  for (let from = 0; from < text.count; from += tokensAPiece) {
    const length = Math.min(tokensAPiece, text.count - from)
    const tokens = Array.from({ length }, (_, at) => logprobJson(likelihood, text.at(from + at), from + at))
    yield (from === 0 ? '' : ',') + tokens.join(',')
  }
  yield after
}

const tokensAPiece = 16
