/** What of a prompt Claude has read before: prompts name the places up to which they are to be cached. */
import { BoundedStore } from '../../base/bounded-store.ts'
import { hashText32, mix32 } from '../../random.ts'
import type { Call, LiveResource } from '../../operation.ts'
import type { ClaudeBody } from './body.ts'
import { claudePromptTokens, segmentsOf, segmentTokens } from './prompt.ts'

export type ClaudeUsage = {
  /** After the last of those places; all of a prompt that names none. */
  readonly inputTokens: number
  readonly readTokens: number
  readonly created5mTokens: number
  readonly created1hTokens: number
}

/** Shorter beginnings are not cached (Anthropic's page on prompt caching; for some models it is more). */
const minTokens = 1_024
const lifetimes = { '5m': 300_000, '1h': 3_600_000 } as const
const maxEntries = 65_536

type Known = { expiresAtMs: number }

/** For `resource.shelf`. Only hashes are kept. */
const claudeCache = ({ clock }: LiveResource) =>
  new BoundedStore<Known>(clock, () => ({ maxEntries, maxBytes: Infinity, lifetimeMs: lifetimes['1h'] }))

export function claudeUsage({ body, cost, deployment, resource, receivedAtMs }: Call<ClaudeBody>): ClaudeUsage {
  const all = { inputTokens: cost.promptTokens, readTokens: 0, created5mTokens: 0, created1hTokens: 0 }
  const places = placesOf(body, deployment.name, deployment.model)
  const last = places.at(-1)
  if (!last || last.tokens < minTokens) return all

  const cache = resource.shelf(claudeCache)
  const isKnown = ({ key }: Place) => (cache.get(key)?.expiresAtMs ?? 0) > receivedAtMs
  const known = places.findLast((place) => place.tokens >= minTokens && isKnown(place))
  const created = { '5m': 0, '1h': 0 }
  let tokens = known?.tokens ?? 0
  for (const place of places) {
    if (place.tokens < minTokens) continue
    // Being read keeps it, too.
    cache.put(place.key, { expiresAtMs: receivedAtMs + lifetimes[place.kept] }, 0)
    if (place.tokens <= tokens) continue
    created[place.kept] += place.tokens - tokens
    tokens = place.tokens
  }
  return {
    inputTokens: Math.max(0, cost.promptTokens - last.tokens),
    readTokens: known?.tokens ?? 0,
    created5mTokens: created['5m'],
    created1hTokens: created['1h'],
  }
}

type Place = { readonly key: string; readonly tokens: number; readonly kept: '5m' | '1h' }

/** A mark on the whole request stands for one on its last block. */
function placesOf(body: ClaudeBody, deployment: string, model: Call['deployment']['model']): readonly Place[] {
  const segments = [...segmentsOf(body)]
  const isMarked = body.cache_control ? true : segments.some(({ breakpoint }) => breakpoint)
  if (!isMarked) return []
  const places: Place[] = []
  const sum = segments.reduce((total, segment) => total + segmentTokens(segment, model), 0)
  // What comes with tools is read before all else.
  let tokens = claudePromptTokens(body, model) - sum
  let high = hashText32(deployment)
  let low = mix32(high)
  for (const [index, segment] of segments.entries()) {
    tokens += segmentTokens(segment, model)
    const hash = hashText32(segment.text)
    high = mix32(high ^ hash)
    low = mix32(low + hash + index)
    const isLast = index === segments.length - 1
    const kept = segment.breakpoint ?? (isLast && body.cache_control ? (body.cache_control.ttl ?? '5m') : undefined)
    if (kept) places.push({ key: `${high} ${low} ${tokens}`, tokens, kept })
  }
  return places
}
