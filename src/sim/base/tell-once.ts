/** Tells the operator something once in the life of a process. */
import type { Log } from './log.ts'

export type TellOnce = (text: string) => void

/** For texts of the simulator's own: none that a client has a part in. */
export function createTellOnce(log: Log): TellOnce {
  const told = new Set<string>()
  return (text) => {
    if (told.has(text)) return
    told.add(text)
    log.warn(`${text} (logged once)`)
  }
}
