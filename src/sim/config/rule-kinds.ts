/** Values of rules, which stay as they were written. */
import * as z from 'zod'
import { durationForm, parseDuration } from './duration.ts'

/** What a text may mean is told by `read`, which gives nothing for what it cannot mean. */
export const readable = (allowed: string, read: (value: string | number) => unknown) =>
  z.union([z.string(), z.number()], { error: allowed }).refine((value) => read(value) !== undefined, { error: allowed })

export const duration = () => readable(durationForm, (value) => parseDuration(String(value)))
