/** What a run came to, for the end of it: counted as it goes, at a few additions a request. */
import type { Observation } from '../sim/index.ts'

/** Of times the latest so many are kept. */
const maxTimes = 20_000

export class RunSummary {
  readonly #statuses = new Map<number, number>()
  readonly #firstByte = new Float64Array(maxTimes)
  readonly #total = new Float64Array(maxTimes)
  #requests = 0
  #timed = 0
  #promptTokens = 0
  #completionTokens = 0
  #byTokens = 0
  #byRequests = 0

  observe({ status, usage, refusedBy, receivedAtMs, firstAtMs, endedAtMs }: Observation): void {
    this.#requests++
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    if (refusedBy === 'tokens') this.#byTokens++
    else if (refusedBy === 'requests') this.#byRequests++
    if (usage) {
      this.#promptTokens += usage.promptTokens
      this.#completionTokens += usage.completionTokens
    }
    if (status >= 300) return
    const at = this.#timed++ % maxTimes
    this.#firstByte[at] = firstAtMs - receivedAtMs
    this.#total[at] = endedAtMs - receivedAtMs
  }

  /** Nothing where nothing was asked. */
  lines(): readonly string[] {
    if (this.#requests === 0) return []
    const statuses = [...this.#statuses].sort(([one], [other]) => one - other)
    const limited = this.#byTokens + this.#byRequests
    return [
      `Requests:   ${this.#requests} (${statuses.map(([status, count]) => `${status === 499 ? 'client left' : status}: ${count}`).join(', ')})`,
      `Tokens:     ${this.#promptTokens} of prompts, ${this.#completionTokens} of answers`,
      ...(limited > 0 ? [`429s:       ${this.#byTokens} by tokens, ${this.#byRequests} by requests`] : []),
      ...(this.#timed > 0
        ? [`First byte: ${this.#percentiles(this.#firstByte)}`, `Whole:      ${this.#percentiles(this.#total)}`]
        : []),
    ]
  }

  #percentiles(times: Float64Array): string {
    const sorted = times.slice(0, Math.min(this.#timed, maxTimes)).sort()
    const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
    return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`
  }
}
