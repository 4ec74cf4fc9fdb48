/** How much a deployment lets pass, and how that is counted. */
import { choice, group, whole } from './forms.ts'

export const limitSettings = (python: string) => ({
  tokensPerMinute: whole(0)
    .optional()
    .meta({
      python: `${python}.tokens_per_minute`,
      description: 'Tokens per minute (TPM). Default: no limit.',
    }),
  requestsPerMinute: whole(0)
    .optional()
    .meta({
      python: `${python}.requests_per_minute`,
      description: "Requests per minute (RPM). Default: derived from the tokens by the model's ratio.",
    }),
})

const algorithm = () => choice(['sliding', 'fixed', 'leaky'])
const charge = () => choice(['actual', 'reserve', 'estimated', 'python'])

export const limitsSetting = () =>
  group({
    algorithm: algorithm().meta({
      python: 'limits.algorithm',
      description: 'How limits count: over the last 60 s, anew each minute, or as a leaky bucket.',
      default: 'sliding',
    }),
    charge: charge().meta({
      python: 'limits.charge',
      description:
        'What a call costs: its prompt at once and its completion at its end; prompt and max_tokens at once; by its ' +
        'characters alone, as the service was seen to estimate it; or as the Python simulator counted.',
      default: 'actual',
    }),
  }).meta({ description: 'How limits count.' })

/** The same for one deployment. */
export const countingOf = () =>
  group({
    algorithm: algorithm().optional().meta({ description: 'Like `limits.algorithm`, for this deployment.' }),
    charge: charge().optional().meta({ description: 'Like `limits.charge`, for this deployment.' }),
  })
    .optional()
    .meta({ description: 'How this deployment counts its limits, if not as `limits` says.' })
