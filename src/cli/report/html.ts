/** Text that stands in HTML, as it is. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** `60,000`, or `0.4` where it is small. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return grouped.format(value)
  return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)))
}

/** `340 ms`, `2.4 s`. */
export const msText = (ms: number): string =>
  ms < 1000 ? `${numberText(Math.round(ms * 10) / 10)} ms` : `${numberText(ms / 1000)} s`

export function lengthText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 90) return `${minutes} min${seconds % 60 > 0 ? ` ${seconds % 60} s` : ''}`
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`
}

/** `38 %`, `0.4 %`. */
export const shareText = (share: number): string =>
  `${numberText(share === 0 ? 0 : Math.abs(share) < 0.1 ? Number((100 * share).toPrecision(2)) : Math.round(100 * share))} %`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${numberText(count)} ${count === 1 ? one : many}`
