import { Windows } from './windows.ts'

/** More than one, so that the map shrinks while names keep coming. */
const looksPerNewName = 2
/** A flood of names within a minute drops those that came first, whatever is left in them. */
const maxNames = 10_000

/**
 * The windows of each deployment by its name. A deployment that nobody configured may have any name, so each new name
 * looks at two of those that are there, in turn, and drops what is idle: there are never many more than were used in
 * the last minutes, and no request pays for a sweep through all.
 */
export class WindowsByDeployment {
  readonly #windows = new Map<string, Windows>()
  #cursor = this.#windows.entries()

  get size(): number {
    return this.#windows.size
  }

  of(name: string, atMs: number): Windows {
    const known = this.#windows.get(name)
    if (known) return known
    for (let look = 0; look < looksPerNewName; look++) this.#dropNextIfIdle(atMs)
    if (this.#windows.size >= maxNames) this.#dropFirst()
    const windows = new Windows()
    this.#windows.set(name, windows)
    return windows
  }

  #dropFirst(): void {
    for (const first of this.#windows.keys()) {
      this.#windows.delete(first)
      return
    }
  }

  #dropNextIfIdle(atMs: number): void {
    const next = this.#cursor.next()
    if (next.done) {
      this.#cursor = this.#windows.entries()
      return
    }
    const [name, windows] = next.value
    if (windows.isIdle(atMs)) this.#windows.delete(name)
  }
}
