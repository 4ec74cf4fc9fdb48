/** A recording that nobody made: a document for a person to fill in. */
import { toBody } from './body.ts'
import { createDocument } from './create-document.ts'
import type { Body, Interaction, Sought } from './interaction.ts'
import { keyMaker } from './key.ts'
import { documentName } from './name.ts'
import type { RecordingStore } from './store.ts'

export type BlankOptions = {
  readonly query?: Readonly<Record<string, string>>
  /** As `recording.match.ignore` will be when it is replayed. */
  readonly ignore?: readonly string[]
}

/** Its name; `isNew` is false where there was one already, which is left as it was. */
export async function createBlank(
  store: RecordingStore,
  sought: Sought,
  { query = {}, ignore = [] }: BlankOptions,
): Promise<{ readonly name: string; readonly isNew: boolean }> {
  const { method, path, contentType, bytes } = sought
  const name = documentName(path, keyMaker(ignore)(sought))
  const body = bytes.length > 0 ? toBody(bytes) : undefined
  const interaction: Interaction = {
    request: { method, path, query, contentType: contentType || undefined, body },
    response: { status: 200, headers: { 'content-type': 'application/json' }, body: blankAnswer(path) },
    durationMs: 0,
    usage: { promptTokens: 0, completionTokens: 0 },
    recordedAt: undefined,
  }
  return { name, isNew: await createDocument(store, name, interaction, Buffer.from(hint)) }
}

const hint = '# Fill in the response: status, headers, json, or text, or events as docs/recordings.md has them.\n'

/** What an answer there must have at least, with the words to write left out. */
function blankAnswer(path: string): Body {
  const value = blanks.find(([end]) => end.test(path))?.[1] ?? {}
  return { kind: 'json', value, text: JSON.stringify(value) }
}

const noTokens = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
const blanks: readonly (readonly [RegExp, object])[] = [
  [
    /\/chat\/completions$/,
    {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 0,
      model: '',
      choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' }],
      usage: noTokens,
    },
  ],
  [
    /\/completions$/,
    {
      id: 'cmpl-1',
      object: 'text_completion',
      created: 0,
      model: '',
      choices: [{ index: 0, text: '', finish_reason: 'stop', logprobs: null }],
      usage: noTokens,
    },
  ],
  [
    /\/responses$/,
    {
      id: 'resp_1',
      object: 'response',
      created_at: 0,
      status: 'completed',
      model: '',
      output: [
        {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: '', annotations: [] }],
        },
      ],
      usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    },
  ],
  [
    /\/embeddings$/,
    {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [] }],
      model: '',
      usage: { prompt_tokens: 0, total_tokens: 0 },
    },
  ],
]
