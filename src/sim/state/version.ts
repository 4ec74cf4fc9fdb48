/**
 * How a state of the configuration is named: the number of the last change at run time, and where instances share a
 * `sim.yaml`, a dot and the first digits of its SHA-256: `7.3fa9c012`.
 */
import type { Changes, SharedFile } from './document.ts'

const form = /^(?=.)(\d{1,15})?(?:\.([0-9a-f]{8}))?$/

export const versionForm =
  'a version as answers of /++/config name it, as 7, 7.3fa9c012, or .3fa9c012 for the file alone'

export const isVersion = (text: string): boolean => form.test(text)

export const versionOf = ({ number }: Changes, file: SharedFile | undefined): string =>
  file ? `${number}.${file.hash}` : String(number)

/** Of changes that version or a later one, as none is without those before it; of the file that one alone. */
export function hasVersion(wanted: string, { number }: Changes, file: SharedFile | undefined): boolean {
  const [, min = '0', hash] = form.exec(wanted) ?? []
  return number >= Number(min) && (hash === undefined || hash === file?.hash)
}
