/** Settings below `azure` for what the service does at bounds that are not known, or that load tests would run into. */
import { choice, flag, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const serviceLimitsSetting = () => ({
  versionGates: choice(['on', 'off']).meta({
    description: 'Whether a dated api-version refuses models, parameters and operations that are newer than it.',
    default: 'on',
  }),
  maxRepeats: whole(1)
    .optional()
    .meta({
      python: 'azure.max_repeats',
      description:
        'How many times in a row one phrase of up to 8 words may stand in a chat prompt; more is refused as a ' +
        'repetitive prompt. Without it nothing is.',
    }),
  maxCustomHeaders: whole(0).optional().meta({
    python: 'azure.max_custom_headers',
    description:
      'Number of custom headers that a request may have; more is a 431. The service allows 10. Default: no limit.',
  }),
  timeout: timeout().optional().meta({
    python: 'azure.timeout',
    description: 'Timeout for answers that are not streamed (408). Default: none.',
  }),
  flexTimeout: timeout().optional().meta({
    python: 'azure.flex_timeout',
    description: 'The same for requests with the service tier flex, in place of `azure.timeout`.',
  }),
  routing: flag().meta({
    description: 'Whether chat completions of the newest models tell which replica served them (`routing`).',
    default: true,
  }),
  timingHeaders: flag().meta({
    python: 'azure.timing_headers',
    description: "Whether answers have headers with the model's time, as some back ends of 2025 do.",
    default: false,
  }),
})
