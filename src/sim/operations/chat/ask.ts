/** From a chat completion's body to what it asks of its model. */
import type { Cost, Model } from '../../types.ts'
import type { Ask } from '../../answers/ask.ts'
import type { ChatBody } from './body.ts'
import { stopsOf } from '../parts/body-fields.ts'
import { messageTexts } from '../../measure/prompt-tokens.ts'
import { chatJsonFormat } from './response-format.ts'
import { voiceOf } from '../../answers/speech-sounds.ts'
import type { AudioOptions } from '../../answers/choice.ts'
import { isOpenQuestion, offeredTools } from '../../answers/tool-choice.ts'

/** `documents` is how many the answer cites, where it has some to cite. */
export function chatAsk(body: ChatBody, { promptTokens, maxTokens }: Cost, model: Model, documents?: number): Ask {
  const offer = offeredTools(body)
  return {
    model,
    promptTokens,
    maxTokens,
    stop: stopsOf(body.stop),
    offer,
    isOpenQuestion: offer !== undefined && isOpenQuestion(body.messages),
    format: chatJsonFormat(body.response_format),
    effort: body.reasoning_effort,
    promptTexts: () => messageTexts(body.messages),
    formMessages: body.messages,
    isStream: body.stream === true,
    alternatives: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
    verbosity: body.verbosity,
    prediction: body.prediction ? predictedText(body.prediction.content) : undefined,
    spoken: body.modalities?.includes('audio') ? spokenOf(body.audio) : undefined,
    documents,
  }
}

type Predicted = NonNullable<ChatBody['prediction']>['content']

const predictedText = (content: Predicted): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('')

const spokenOf = (audio: ChatBody['audio']): AudioOptions => ({
  voice: voiceOf(audio?.voice),
  format: audio?.format === 'pcm16' ? 'pcm' : (audio?.format ?? 'wav'),
})
