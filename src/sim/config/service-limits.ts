/** Settings below `azure` for what the service does at bounds that are not known, or that load tests would run into. */
import { choice, flag, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const serviceLimitsSetting = () => ({
  versionGates: choice(['on', 'off']).meta({
    description: 'Whether a dated api-version refuses models, parameters and operations that came after it.',
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
      'How many headers of its own a request may have; more is a 431. The service has 10, without it all may.',
  }),
  timeout: timeout().optional().meta({
    python: 'azure.timeout',
    description: 'After which time an answer that is not streamed is given up with a 408. Without it none is.',
  }),
  flexTimeout: timeout().optional().meta({
    python: 'azure.flex_timeout',
    description: 'The same where a request asks for the tier flex, in place of `azure.timeout`.',
  }),
  timingHeaders: flag().meta({
    python: 'azure.timing_headers',
    description: 'Whether answers tell how long the model took, as some backends of 2025 do.',
    default: false,
  }),
})
