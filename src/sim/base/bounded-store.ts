/** What a resource keeps by id, bounded in number, in bytes and in time: the oldest goes first. */
import type { Clock } from '../clock.ts'

export type Bounds = {
  readonly maxEntries: number
  readonly maxBytes: number
  /** Milliseconds after which an entry is gone, counted from when it was put. */
  readonly lifetimeMs: number
}

type Entry<T> = { readonly value: T; readonly bytes: number; readonly atMs: number; readonly expiresAtMs: number }

export class BoundedStore<T> {
  readonly #clock: Pick<Clock, 'now'>
  readonly #bounds: () => Bounds
  readonly #dropped: ((value: T, id: string) => void) | undefined
  /** In the order of their putting, which is the order of their expiry as long as the lifetime stays the same. */
  readonly #entries = new Map<string, Entry<T>>()
  #bytes = 0

  /**
   * `bounds` are asked for at each putting, as the configuration may change while the simulator runs; `dropped` is told of
   * each value that goes, however it goes.
   */
  constructor(clock: Pick<Clock, 'now'>, bounds: () => Bounds, dropped?: (value: T, id: string) => void) {
    this.#clock = clock
    this.#bounds = bounds
    this.#dropped = dropped
  }

  /**
   * Puts a value, or another in its place; `bytes` is about what it takes. One too large for the store is not kept.
   * `atMs` is when it was put first, where it was put elsewhere before.
   */
  put(id: string, value: T, bytes: number, atMs = this.#clock.now()): void {
    this.delete(id)
    const { maxEntries, maxBytes, lifetimeMs } = this.#bounds()
    if (bytes > maxBytes || maxEntries < 1) return
    this.#dropExpired()
    this.#entries.set(id, { value, bytes, atMs, expiresAtMs: atMs + lifetimeMs })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries && this.#bytes <= maxBytes) break
      this.delete(oldest)
    }
  }

  get(id: string): T | undefined {
    const entry = this.#entries.get(id)
    if (entry === undefined) return undefined
    if (entry.expiresAtMs > this.#clock.now()) return entry.value
    this.delete(id)
    return undefined
  }

  /** Whether it was there. */
  delete(id: string): boolean {
    const entry = this.#entries.get(id)
    if (entry === undefined) return false
    this.#entries.delete(id)
    this.#bytes -= entry.bytes
    this.#dropped?.(entry.value, id)
    return true
  }

  /** All that is there, oldest first. */
  entries(): readonly (readonly [string, T])[] {
    this.#dropExpired()
    const now = this.#clock.now()
    return [...this.#entries].flatMap(([id, { value, expiresAtMs }]) =>
      expiresAtMs > now ? [[id, value] as const] : [],
    )
  }

  /** When it was put. */
  putAtMs(id: string): number {
    return this.#entries.get(id)?.atMs ?? NaN
  }

  #dropExpired(): void {
    const now = this.#clock.now()
    for (const [id, { expiresAtMs }] of this.#entries) {
      if (expiresAtMs > now) return
      this.delete(id)
    }
  }
}
