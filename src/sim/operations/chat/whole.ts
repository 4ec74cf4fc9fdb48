/** A chat completion as one body, keys sorted and a newline at its end (recorded March 2026). */
import type { Call } from '../../types.ts'
import type { ChatBody } from './body.ts'
import { callMembers, chatFinish } from './calls.ts'
import { newId, objectName, serviceTier } from './envelope.ts'
import { createdSeconds, fingerprint, servedName } from '../parts/model-fields.ts'
import { contextOf } from './grounding.ts'
import { wholeSpeech } from './speech.ts'
import type { ChatAnswer } from './stream.ts'
import type { Choice } from '../../answers/choice.ts'
import { answerKeys, filterResults, promptKeys } from '../../answers/filter-results.ts'
import { logprobJson } from '../../answers/token-logprobs.ts'
import { isLegacy } from '../../answers/tool-choice.ts'
import { chatUsage } from '../parts/chat-usage.ts'

export function wholeChat(call: Call<ChatBody>, answer: ChatAnswer): string {
  const { choices, usage, details, filter, promptVerdict } = answer
  const isLegacyCall = isLegacy(call.body)
  const all = choices.map((choice, index) => wholeChoice(choice, index, { call, answer, isLegacyCall }))
  return (
    `{"choices":[${all.join(',')}],"created":${createdSeconds(call)},"id":"${newId(call)}",` +
    `"model":${servedName(call)},"object":"${objectName(call.body)}","prompt_filter_results":` +
    `[{"prompt_index":0,"content_filter_results":${filterResults(filter, promptKeys, promptVerdict)}}],` +
    `${serviceTier(call)}"system_fingerprint":${fingerprint(call.deployment.model)},` +
    `"usage":${chatUsage(usage, details)}}\n`
  )
}

type About = { readonly call: Call<ChatBody>; readonly answer: ChatAnswer; readonly isLegacyCall: boolean }

function wholeChoice(choice: Choice, index: number, about: About): string {
  const { isLegacyCall } = about
  const { filter } = about.answer
  const { finishReason, calls, verdict } = choice
  const results = calls ? '{}' : filterResults(filter, answerKeys, verdict)
  // Recorded April 2024: what was blocked has no message at all.
  const isHidden = finishReason === 'content_filter' && !filter.keepsPartialAnswers
  const message = isHidden ? '' : `,"message":${messageOf(choice, about)}`
  return (
    `{"content_filter_results":${results},"finish_reason":"${chatFinish(finishReason, isLegacyCall)}",` +
    `"index":${index},"logprobs":${isHidden ? 'null' : logprobsOf(choice)}${message}}`
  )
}

function messageOf(choice: Choice, { call, answer: { grounding }, isLegacyCall }: About): string {
  const { text, calls, speech } = choice
  const { before, after } = calls ? callMembers(calls, isLegacyCall) : noMembers
  const sound = speech ? `${wholeSpeech(call, choice, speech)},` : ''
  const context = grounding ? `${contextOf(grounding)},"end_turn":true,` : ''
  return (
    `{"annotations":[],${sound}"content":${speech ? 'null' : text.json()},${context}${before}` +
    `"refusal":null,"role":"assistant"${after}}`
  )
}

const noMembers = { before: '', after: '' }

function logprobsOf({ text, likelihood }: Choice): string {
  if (!likelihood) return 'null'
  const tokens = Array.from({ length: text.count }, (_, at) => logprobJson(likelihood, text.at(at), at))
  return `{"content":[${tokens.join(',')}],"refusal":null}`
}
