/** A file's name in both of the forms that RFC 6266 has (recorded January 2025 and March 2026). */
import { inAddress } from '../base/text-of.ts'

export const attachment = (filename: string) =>
  `attachment; filename=${plainName(filename)}; filename*=UTF-8''${encodedName(filename)}`

/** What is no token is quoted; what is not ASCII has no place there. */
function plainName(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]/g, '_')
  return /^[\w!#$%&'*+.^`|~-]+$/.test(ascii) ? ascii : `"${ascii.replace(/["\\]/g, '\\$&')}"`
}

/** As RFC 8187 encodes it. */
const encodedName = (filename: string) =>
  inAddress(filename).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
