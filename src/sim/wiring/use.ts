/** How a resource is used: what runs at the moment, and what came of all that was asked. */
import type { Observation } from '../metrics/observation.ts'

export class ResourceUse {
  /** Requests whose answers have not ended. */
  running = 0
  calls = 0
  readonly statuses: Record<string, number> = {}

  started(): void {
    this.running++
    this.calls++
  }

  ended({ status }: Pick<Observation, 'status'>): void {
    this.running--
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
  }
}
