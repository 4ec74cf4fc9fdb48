/** Random calls with their ends, drawn from a seed. */
import { seededRandom } from '../../src/sim/random.ts'
import type { Cost, Deployment, Model } from '../../src/sim/types.ts'

const model = { requestsPerThousandTokens: 6, contextWindowTokens: 1_000_000 } as Model

export type Step =
  | { readonly kind: 'call'; readonly afterMs: number; readonly cost: Cost }
  | { readonly kind: 'settle'; readonly afterMs: number; readonly completionTokens: number }

export type History = { readonly deployment: Deployment; readonly steps: readonly Step[] }

/** Bursts and pauses of calls, small and large, some of whose answers end between them. */
export function randomHistory(seed: number): History {
  const random = seededRandom(seed)
  const tokensPerMinute = random.below(4) === 0 ? undefined : [1_000, 3_700, 100_000][random.below(3)]
  const requestsPerMinute = random.below(2) === 0 || !tokensPerMinute ? 1 + random.below(80) : undefined
  const deployment = { name: 'd', model, tokensPerMinute, requestsPerMinute, dimensions: undefined, latency: undefined }
  const largest = Math.ceil((tokensPerMinute ?? 1_000) / (1 + random.below(20)))
  const steps = Array.from({ length: 40 }, (): Step => {
    const afterMs = random.below(3) === 0 ? random.fraction() * 15_000 : random.below(2) * random.fraction() * 300
    if (random.below(4) === 0) return { kind: 'settle', afterMs, completionTokens: random.below(largest) }
    const cost: Cost = {
      promptTokens: random.below(largest),
      promptCharacters: random.below(4 * largest),
      maxTokens: random.below(2) === 0 ? random.below(largest) : undefined,
      choices: 1 + random.below(2),
      countsTokens: true,
    }
    return { kind: 'call', afterMs, cost }
  })
  return { deployment, steps }
}
