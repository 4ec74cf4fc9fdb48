import type { Awaitable } from './define.ts'
import { ExtensionError } from './extension-error.ts'

/** What a function of an extension throws is told with the extension's name; `who` says which of its parts. */
export async function guarded<T>(who: string, run: () => Awaitable<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new ExtensionError(who, 'it threw', error)
  }
}

/** The same for what answers at once. */
export function guardedNow<T>(who: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw new ExtensionError(who, 'it threw', error)
  }
}
