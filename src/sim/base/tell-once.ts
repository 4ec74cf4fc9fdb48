/** Tells the operator something once in the life of a process. */
import type { Log } from './log.ts'

export type TellOnce = (text: string, level?: 'info' | 'warn') => void

/** Whoever tries things at random fills no log. */
const maxTold = 100

/** For texts of the simulator's own; what a client has a part in must be short. */
export function createTellOnce(log: Log): TellOnce {
  const told = new Set<string>()
  return (text, level = 'warn') => {
    if (told.has(text) || told.size >= maxTold) return
    told.add(text)
    log[level](`${text} (logged once)`)
  }
}
