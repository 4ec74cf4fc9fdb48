/** What was said when, in the formats that transcriptions and translations have in common. */

/** A few seconds of speech; times in seconds from the start of the recording. */
export type TimedText = { readonly startSeconds: number; readonly endSeconds: number; readonly text: string }

/** SubRip: numbered from 1, a comma before the milliseconds. */
export const toSrt = (segments: readonly TimedText[]): string =>
  segments
    .map(
      ({ startSeconds, endSeconds, text }, index) =>
        `${index + 1}\n${timestamp(startSeconds, ',')} --> ${timestamp(endSeconds, ',')}\n${text}\n\n`,
    )
    .join('')

/** WebVTT, with hours in every time as in SubRip. */
export const toVtt = (segments: readonly TimedText[]): string =>
  `WEBVTT\n\n${segments
    .map(
      ({ startSeconds, endSeconds, text }) =>
        `${timestamp(startSeconds, '.')} --> ${timestamp(endSeconds, '.')}\n${text}\n\n`,
    )
    .join('')}`

export const joined = (segments: readonly TimedText[]): string => segments.map(({ text }) => text).join(' ')

/** `01:02:03,456`; hours may have more than two digits. */
function timestamp(seconds: number, point: ',' | '.'): string {
  const milliseconds = Math.round(seconds * 1000)
  const part = (divisor: number, modulus: number, width: number) =>
    String(Math.floor(milliseconds / divisor) % modulus).padStart(width, '0')
  return `${part(3_600_000, Infinity, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)}${point}${part(1, 1000, 3)}`
}
