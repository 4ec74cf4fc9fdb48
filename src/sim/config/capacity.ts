/** What a deployment was given: its type and how many units of it, and who answers what it cannot take. */
import * as z from 'zod'
import { skus } from '../types.ts'
import { choice, flag, group, text, whole } from './forms.ts'
import { time } from './schema-kinds.ts'

const growthForm = 'a number from 0 to 100'
const growth = () => z.number({ error: growthForm }).min(0, { error: growthForm }).max(100, { error: growthForm })

export const capacityOf = () => ({
  sku: choice(skus).optional().meta({ description: 'Type of the deployment, as Azure names it.' }),
  capacity: whole(1)
    .optional()
    .meta({
      description:
        'Units of the type: of provisioned ones PTU, of others what its model lets pass for a unit, mostly 1,000 tokens per ' +
        'minute. Limits that are set as well hold instead.',
    }),
  concurrency: whole(1).optional().meta({
    description:
      'How many requests it works on at once, slower the more there are; others wait. Without it, any number.',
  }),
  underLoad: group({
    timeToFirstToken: growth().optional().meta({
      description:
        'Where it is fully used, the first token takes so many times as long more; by the square of its use. Default: 2, a guess.',
    }),
    interToken: growth().optional().meta({
      description:
        'Where it is fully used, each token takes so many times as long more; by its use. Default: 0.5, a guess.',
    }),
    queue: whole(0, 1_000_000).optional().meta({
      description: 'How many requests may wait for their turn; more are refused. Default: 100.',
    }),
    refusal: choice(['429', '503']).optional().meta({ description: 'How they are refused. Default: 429.' }),
  })
    .optional()
    .meta({
      description:
        'How it slows down as it is used: by its concurrency, or by the utilization of its provisioned throughput. Without it, ' +
        'provisioned throughput does not, and a concurrency does by the defaults.',
    }),
  spilloverDeploymentName: text('the name of a deployment').optional().meta({
    description: 'Standard deployment that answers what a provisioned one cannot take.',
  }),
})

export const provisionedSetting = () =>
  group({
    burst: time(1).meta({
      description:
        'How much use of provisioned throughput may come at once: so long of the whole rate. Azure does not say; a guess.',
      default: '5s',
    }),
    estimatedOutputTokens: whole(0).meta({
      description:
        'What the output of a call is taken to be that sets no bound, until there were some whose mean is known. A guess.',
      default: 1000,
    }),
    utilizationHeader: flag().meta({
      description: 'Whether answers have the header azure-openai-deployment-utilization.',
      default: true,
    }),
  }).meta({ description: 'Deployments with provisioned throughput.' })
