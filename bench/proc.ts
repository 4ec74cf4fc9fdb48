/** Reads facts about a process on Linux; elsewhere they are unknown. */
import { readFileSync } from 'node:fs'

/** `USER_HZ`, which is 100 on every Linux that Node runs on. */
const tickMs = 10

/** The processor time that a process has used so far, in milliseconds. */
export function cpuMs(pid: number): number | undefined {
  // The second field, the command's name, may hold anything, and ends with the last parenthesis (proc_pid_stat(5)).
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** What a process has in memory. */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
