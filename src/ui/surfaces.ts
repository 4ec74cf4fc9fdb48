/** The ways to ask for a text, as the playground asks: where, with what, and where the text is in an event. */
export type Question = { readonly deployment: string; readonly prompt: string; readonly maxTokens: number }

export type PlaygroundSurface = {
  readonly name: string
  readonly path: (question: Question) => string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: (question: Question) => object
  /** The text that an event brings, if it does. */
  readonly textIn: (event: unknown) => string | undefined
}

type Chat = {
  readonly choices?: readonly { readonly text?: string; readonly delta?: { readonly content?: string | null } }[]
}
type Typed = { readonly type?: string; readonly delta?: string | { readonly text?: string } }

const messages = ({ prompt }: Question) => [{ role: 'user', content: prompt }]
const chatText = (event: unknown) => (event as Chat).choices?.[0]?.delta?.content ?? undefined
const deltaText = (event: unknown) => {
  const { type, delta } = event as Typed
  if (type === 'response.output_text.delta' && typeof delta === 'string') return delta
  return type === 'content_block_delta' && typeof delta === 'object' ? delta.text : undefined
}

export const surfaces: readonly PlaygroundSurface[] = [
  {
    name: 'Chat completions, v1',
    path: () => '/openai/v1/chat/completions',
    body: (question) => ({
      model: question.deployment,
      messages: messages(question),
      max_completion_tokens: question.maxTokens,
      stream: true,
    }),
    textIn: chatText,
  },
  {
    name: 'Chat completions, 2024-10-21',
    path: ({ deployment }) =>
      `/openai/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=2024-10-21`,
    body: (question) => ({ messages: messages(question), max_tokens: question.maxTokens, stream: true }),
    textIn: chatText,
  },
  {
    name: 'Responses, v1',
    path: () => '/openai/v1/responses',
    body: ({ deployment, prompt, maxTokens }) => ({
      model: deployment,
      input: prompt,
      max_output_tokens: Math.max(16, maxTokens),
      stream: true,
    }),
    textIn: deltaText,
  },
  {
    name: 'Completions, v1',
    path: () => '/openai/v1/completions',
    body: ({ deployment, prompt, maxTokens }) => ({ model: deployment, prompt, max_tokens: maxTokens, stream: true }),
    textIn: (event) => (event as Chat).choices?.[0]?.text,
  },
  {
    name: 'Model inference',
    path: () => '/models/chat/completions?api-version=2024-05-01-preview',
    body: (question) => ({
      model: question.deployment,
      messages: messages(question),
      max_tokens: question.maxTokens,
      stream: true,
    }),
    textIn: chatText,
  },
  {
    name: 'Claude messages',
    path: () => '/anthropic/v1/messages',
    headers: { 'anthropic-version': '2023-06-01' },
    body: (question) => ({
      model: question.deployment,
      messages: messages(question),
      max_tokens: question.maxTokens,
      stream: true,
    }),
    textIn: deltaText,
  },
]
