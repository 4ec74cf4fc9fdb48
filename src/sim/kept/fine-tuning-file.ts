/** What is wrong with a file that a model is to be tuned with, as its `status_details` say (recorded January 2025). */
import { parseJsonObject } from '../http/body.ts'
import { linesOf } from './lines.ts'

/** Lines are counted from zero. Looks as far as the first bad one, and at no more than the first thousands. */
export function lookThrough(bytes: Uint8Array): string | undefined {
  let number = 0
  for (const line of linesOf(bytes)) {
    if (number === maxLines) return undefined
    if (parseJsonObject(line.bytes) === undefined) return failed(`Deserialization of line #${number} failed.`)
    number++
  }
  return number === 0 ? failed('No valid json line found in file.') : undefined
}

const maxLines = 10_000

const failed = (why: string) => `Validation of jsonl file failed: ${why}`
