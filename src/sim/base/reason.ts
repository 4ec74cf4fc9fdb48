/** What was thrown, in words. */
import { textOf } from './text-of.ts'
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : textOf(error))

/** The code that Node's errors and those of Azure's clients have, as `ENOENT`; empty where there is none. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
