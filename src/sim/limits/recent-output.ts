/** How long answers of provisioned deployments were of late: what a call is taken to make that sets no bound. */
import { Memo } from '../base/memo.ts'
import type { Deployment, Usage } from '../types.ts'

/** Of the mean, that the latest answer is. */
const weight = 0.1
const maxNames = 1_000

export class RecentOutput {
  readonly #means = new Memo<string, number>(maxNames)

  of({ name, throughput }: Deployment): number {
    return throughput ? (this.#means.get(name) ?? throughput.estimatedOutputTokens) : 0
  }

  add({ name, throughput }: Deployment, { completionTokens }: Usage): void {
    if (!throughput || completionTokens === 0) return
    const before = this.#means.get(name) ?? completionTokens
    this.#means.set(name, before + weight * (completionTokens - before))
  }
}
