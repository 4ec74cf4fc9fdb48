/** Who made a model, by its name. */
export const providerOf = (name: string): string =>
  providers.find(([pattern]) => pattern.test(name))?.[1] ?? 'Azure OpenAI'

/** As Foundry's catalogue names them. */
const providers: readonly (readonly [RegExp, string])[] = [
  [/^claude/i, 'Anthropic'],
  [/llama/i, 'Meta'],
  [/^(?:mistral|ministral|codestral)/i, 'Mistral AI'],
  [/^deepseek/i, 'DeepSeek'],
  [/^(?:phi|mai)-/i, 'Microsoft'],
  [/^(?:cohere|embed-v)/i, 'Cohere'],
  [/^grok/i, 'xAI'],
]
