/** Numbers and times as people read them, with their unit. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export const amount = (value: number): string => whole.format(value)

/** 12.3K */
export const compactAmount = (value: number): string => (value < 10_000 ? whole.format(value) : short.format(value))

/** 7.3 ms, 240 ms, 2.35 s, 3 min 20 s: no noughts that say nothing. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`
  const seconds = Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))
  if (seconds < 60) return `${seconds} s`
  const rest = Math.round(seconds) % 60
  return `${Math.floor(Math.round(seconds) / 60)} min${rest === 0 ? '' : ` ${rest} s`}`
}

export const percent = (value: number): string => `${whole.format(value)} %`

export function size(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

/** Local time of the day. */
export const timeOfDay = (time: number | string): string => clock.format(new Date(time))

/** Local day and time. */
export const dayAndTime = (time: number | string): string => date.format(new Date(time))

/** One thing, two things. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${amount(count)} ${count === 1 ? one : many}`

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))
