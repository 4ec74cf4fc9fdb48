/** Numbers and times as people read them, with their unit. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export const amount = (value: number): string => whole.format(value)

/** 12.3K */
export const compact = (value: number): string => (value < 10_000 ? whole.format(value) : short.format(value))

export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1_000) return `${ms.toFixed(0)} ms`
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Local time of the day. */
export const timeOfDay = (time: number | string): string => clock.format(new Date(time))
