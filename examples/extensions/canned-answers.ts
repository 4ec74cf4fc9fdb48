/**
 * Answers chosen by what the last question says, for tests that look at what their application makes of them: the same
 * by chat completions, by responses and by Claude's messages. A question that fits none is answered as ever.
 */
import { defineExtension, type GeneratorCall, type Said } from 'aoai-simulated-api/extension'

const answers: readonly { readonly asked: RegExp; readonly said: Said }[] = [
  { asked: /capital of (france|norway)/i, said: { text: 'The capitals of France and Norway are Paris and Oslo.' } },
  { asked: /weather/i, said: { toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo', unit: 'celsius' } }] } },
  { asked: /bomb/i, said: { text: 'I’m sorry, but I can’t help with that.' } },
]

function answer({ messages }: GeneratorCall): Said | undefined {
  const last = messages.at(-1)
  // What a tool said is for the built-in generator to go on from, so that an agent's loop ends.
  if (last?.role !== 'user') return undefined
  return answers.find(({ asked }) => asked.test(last.text))?.said
}

export default defineExtension({
  name: 'canned-answers',
  generators: { chatCompletions: answer, responses: answer, messages: answer },
})
