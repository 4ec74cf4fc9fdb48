import { loremText } from '../../generators/text/lorem.ts'
import { type HostedCall, hostedItem, type ToolUse, questionWords } from './hosted-item.ts'

/** A web search. It finds a page that does not exist, and the answer cites it (recorded November 2025 to March 2026). */
export function webSearch({ tool, question, newId, random }: ToolUse): HostedCall {
  const query = questionWords(question)
  const isPreview = tool.type === 'web_search_preview'
  const title = loremText(4, random)
  const url = `https://www.example.com/${title.toLowerCase().replace(/[^a-z]+/g, '-')}`
  const item = hostedItem({
    id: newId('ws'),
    type: 'web_search_call',
    opening: isPreview ? {} : { action: { type: 'search' } },
    content: { action: { type: 'search', queries: [query], query } },
    steps: ['in_progress', 'searching', ...(isPreview ? [] : (['keepalive'] as const)), 'completed'],
    waitTokens,
  })
  const citations = (text: string, tokens: number) => [
    {
      afterTokens: tokens,
      annotation: {
        type: 'url_citation',
        end_index: text.length,
        start_index: Math.max(0, text.length - citedCharacters),
        title,
        url,
      },
    },
  ]
  return { item, writtenTokens: 0, waitTokens, citations }
}

/** About two seconds: a guess. */
const waitTokens = 100
const citedCharacters = 80
