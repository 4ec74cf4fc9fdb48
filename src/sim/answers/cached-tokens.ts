/** What of a call's prompt its deployment has just seen. */
import { step } from '../base/slices.ts'
import type { Config } from '../config/config.ts'
import { tellsCacheWrites } from '../models/abilities.ts'
import type { Call, LiveResource } from '../operation.ts'
import { minCachedTokens, PromptCache, wholeSteps } from './prompt-cache.ts'

const makeCache = ({ config }: LiveResource) => new PromptCache({ keptMs: () => config().promptCache.lifetimeMs })

/** `texts` as the model reads them; `key` is the `prompt_cache_key` of a request that has one. */
export function cachedTokensOf(
  { resource, deployment: { name, model }, cost: { promptTokens }, receivedAtMs }: Call,
  { promptCache }: Pick<Config, 'promptCache'>,
  { texts, key }: { readonly texts: () => readonly string[]; readonly key: string | null | undefined },
): number {
  // Models before gpt-4o have no cache (Microsoft's page on prompt caching).
  if (!promptCache.enabled || promptTokens < minCachedTokens || model.encoding === 'cl100k_base') return 0
  const deployment = key ? `${name}\n${key}` : name
  const prompt = { deployment, texts: step(texts), promptTokens }
  return resource.shelf(makeCache).cachedTokens(prompt, receivedAtMs)
}

/** What of the prompt is kept from now on, of models that tell it (the member is recorded, the count is a guess). */
export function cacheWriteTokensOf(
  { deployment: { model }, cost: { promptTokens } }: Call,
  { promptCache }: Pick<Config, 'promptCache'>,
  cachedTokens: number,
): number | undefined {
  if (!tellsCacheWrites(model)) return undefined
  return promptCache.enabled ? Math.max(0, wholeSteps(promptTokens) - cachedTokens) : 0
}
