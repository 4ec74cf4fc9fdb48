/** Every chat completion says the same ten tokens and ends with `stop`, whatever it was asked. */
import { defineExtension } from 'aoai-simulated-api/extension'

export default defineExtension({
  name: 'replace-chat-completion',
  generators: { chatCompletions: () => 'one two three four five six seven eight nine ten' },
})
