/** The content filter's verdict on a chat prompt. */
import type { Config } from '../../config/config.ts'
import {
  filterResults,
  keySet,
  orderedKeys,
  promptKeys,
  ungradedPromptKeys,
  type FilterVerdict,
} from '../../answers/filter-results.ts'
import type { Call } from '../../operation.ts'
import type { Model } from '../../types.ts'
import type { ChatBody } from './body.ts'

type Judged = { readonly filter: Config['contentFilter']; readonly promptVerdict: FilterVerdict | undefined }

/**
 * Empty where nobody but the assistant has spoken (recorded February 2025), where there is sound alone (April 2025), and
 * below a project (March 2026).
 */
export function promptResultsOf(
  { body: { messages }, deployment: { model }, match }: Call<ChatBody>,
  { filter, promptVerdict }: Judged,
): string {
  if (messages.every((message) => message.role === 'assistant' || isSound(message))) return '{}'
  return filterResults(filter, match.isWithin ? ungradedPromptKeys : orderedKeys(promptKeys, model), promptVerdict)
}

const isSound = ({ content }: ChatBody['messages'][number]): boolean =>
  Array.isArray(content) && content.length > 0 && content.every(({ type }) => type === 'input_audio')

const pictureKeys = keySet('prompt', ['sexual', 'violence', 'hate', 'self_harm'])
const withJailbreak = keySet('prompt', [...pictureKeys.keys, 'jailbreak'])
const oneLookKeys = withJailbreak.older ?? withJailbreak
/** Of this model one look was told, at more; and of its answer all that is looked for (last recorded April 2025). */
export const isOneLook = ({ name }: Model): boolean => name === 'gpt-4o-mini'
/** The version of the model inference API, with which one look was told of gpt-4o as well (recorded January 2025). */
const oneLookVersion = '2024-05-01-preview'

/**
 * Where pictures are in a prompt, a whole answer tells of two looks at it, and of blocklists on the dated surface
 * (recorded November 2025 and January 2026).
 */
export function pictureResultsOf(
  { match: { surface }, deployment: { model }, apiVersion }: Call<ChatBody>,
  { filter, promptVerdict }: Judged,
): string {
  const isOne = isOneLook(model) || apiVersion === oneLookVersion
  const keys = isOne ? oneLookKeys : pictureKeys
  const results = filterResults(filter, keys, promptVerdict, (category) => category !== 'custom_blocklists')
  const isTold = surface === 'dated' && filter.mode !== 'off' && filter.mode !== 'error'
  const told = isTold ? `${results.slice(0, -1)},"custom_blocklists":{"filtered":false,"details":[]}}` : results
  if (isOne) return `[{"prompt_index":0,"content_filter_result":${told}}]`
  return `[{"prompt_index":1,"content_filter_result":${told}},{"prompt_index":0,"content_filter_result":{}}]`
}
