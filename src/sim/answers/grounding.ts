/** On your data: an answer that cites documents of the client's own index, which are made up here. */
import { loremText, type TokenText } from '../generators/text/lorem.ts'
import { countTokens } from '../models/tokenizer.ts'
import type { Random } from '../random.ts'
import type { Encoding } from '../types.ts'
import type { Choice } from './choice.ts'
import { completionText, cutAtStop, type Wish } from './completion-text.ts'
import { cutText } from './cut-text.ts'
import { type ChatMessage, messageTexts } from '../measure/prompt-tokens.ts'

export type Citation = {
  readonly title: string
  readonly url: string
  readonly filepath: string
  readonly content: string
}

export type Grounding = {
  readonly citations: readonly Citation[]
  /** Which of these an answer tells. */
  readonly told: { readonly citations: boolean; readonly intent: boolean; readonly documents: boolean }
  /** What was searched for. */
  readonly intents: readonly string[]
  /** Of the documents, which the model reads as part of its prompt. */
  readonly tokens: number
}

/** As many documents as are read where the request does not say (documented). */
const usualDocuments = 5

type Asked = {
  readonly messages: readonly ChatMessage[]
  readonly data_sources?: readonly { readonly parameters: Readonly<Record<string, unknown>> }[] | null | undefined
}

export function groundingOf(
  { data_sources: sources, messages }: Asked,
  { random, encoding }: { readonly random: Random; readonly encoding: Encoding },
): Grounding {
  const asked = sources?.[0]?.parameters.top_n_documents
  const max = typeof asked === 'number' ? Math.max(1, Math.min(20, Math.floor(asked))) : usualDocuments
  const question = messageTexts(messages.filter(({ role }) => role === 'user')).at(-1) ?? ''
  const citations = Array.from({ length: 1 + random.below(max) }, (): Citation => {
    const title = loremText(3, random).replace(/\W+$/, '')
    const filepath = `${title.toLowerCase().replace(/\W+/g, '-')}.md`
    return {
      title,
      url: `https://documents.example/${filepath}`,
      filepath,
      content: loremText(60 + random.below(120), random),
    }
  })
  const included = sources?.[0]?.parameters.include_contexts
  const tells = (name: string, usual: boolean) => (Array.isArray(included) ? included.includes(name) : usual)
  const told = {
    citations: tells('citations', true),
    intent: tells('intent', true),
    documents: tells('all_retrieved_documents', false),
  }
  const tokens = citations.reduce((sum, { title, content }) => sum + countTokens(`${title}\n${content}`, encoding), 0)
  return { citations, told, intents: [question], tokens }
}

/** A text that names its documents as the service does: `[doc1]` behind a sentence. */
export function groundedChoice(documents: number, wish: Wish, random: Random): Choice {
  const plain = completionText({ ...wish, stop: [] }, random)
  const { maxTokens, roomTokens, encoding } = wish
  const text = cited(plain.text, documents)
  const cut = cutText(text, Math.min(maxTokens ?? Infinity, roomTokens), encoding)
  return cutAtStop({ text: cut.text, finishReason: cut.isCut ? 'length' : plain.finishReason }, wish)
}

function cited(text: TokenText, documents: number): string {
  const sentences = text.text().split(/(?<=\.)/)
  let next = 0
  const marked = sentences.map((sentence) =>
    sentence.endsWith('.') ? `${sentence.slice(0, -1)} [doc${(next++ % documents) + 1}].` : sentence,
  )
  // One that has no whole sentence still cites something.
  return next > 0 ? marked.join('') : `${marked.join('')} [doc1]`
}
