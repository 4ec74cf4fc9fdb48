/** `timeline` in the settings; what stands in it is read by `timeline.ts`. */
import * as z from 'zod'

export const timelineSetting = () =>
  z.record(z.string(), z.unknown(), { error: 'a mapping with phases' }).optional().meta({
    startOnly: true,
    description:
      'Phases, one after another: { start, repeat, phases }. Each has a `name`, a duration (`for`), and settings that hold while it lasts.',
  })
