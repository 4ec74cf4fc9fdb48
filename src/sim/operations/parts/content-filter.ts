/** The content filter's verdict on what is harmless, as JSON, with its keys in the service's order (recorded 2026). */
const safe = '{"filtered":false,"severity":"safe"}'
const notDetected = '{"detected":false,"filtered":false}'

const fourCategories = `{"hate":${safe},"self_harm":${safe},"sexual":${safe},"violence":${safe}}`

/** Of a whole answer, and of the chunks of most models. */
export const sixCategories =
  `{"hate":${safe},"protected_material_code":${notDetected},"protected_material_text":${notDetected},` +
  `"self_harm":${safe},"sexual":${safe},"violence":${safe}}`

export const promptFilterResults =
  `[{"prompt_index":0,"content_filter_results":{"hate":${safe},"jailbreak":${notDetected},` +
  `"self_harm":${safe},"sexual":${safe},"violence":${safe}}}]`

/** Of completions, which know no jailbreak (recorded 2023). */
export const completionPromptFilterResults = `[{"prompt_index":0,"content_filter_results":${fourCategories}}]`

export const completionFilterResults = fourCategories

/** What a chunk of a stream bears differs by model (recorded: gpt-4o-mini, gpt-4.1-mini, gpt-5.2). */
export function chunkFilterResults(modelName: string): string {
  if (modelName.startsWith('gpt-5') || modelName.startsWith('gpt-6'))
    return `{"protected_material_text":${notDetected}}`
  return modelName.startsWith('gpt-4o') ? fourCategories : sixCategories
}

/** Of the prompt of a picture (documented with DALL-E 3). */
export const imagePromptFilterResults =
  '{"sexual":{"severity":"safe","filtered":false},"violence":{"severity":"safe","filtered":false},' +
  '"hate":{"severity":"safe","filtered":false},"self_harm":{"severity":"safe","filtered":false},' +
  '"profanity":{"detected":false,"filtered":false},"custom_blocklists":{"filtered":false,"details":[]}}'

/** Of the picture itself (documented with DALL-E 3). */
export const imageFilterResults =
  '{"sexual":{"severity":"safe","filtered":false},"violence":{"severity":"safe","filtered":false},' +
  '"hate":{"severity":"safe","filtered":false},"self_harm":{"severity":"safe","filtered":false}}'
