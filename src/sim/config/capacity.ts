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
      description: 'Number of requests that may wait; further ones are refused. Default: 100.',
    }),
    refusal: choice(['429', '503']).optional().meta({ description: 'Status of the refusal. Default: 429.' }),
  })
    .optional()
    .meta({
      description:
        'How it slows down as it is used: by its concurrency, or by the utilization of its provisioned throughput. Without it, ' +
        'provisioned throughput does not, and a concurrency does by the defaults.',
    }),
  serviceTier: choice(['Default', 'Priority']).optional().meta({
    description: 'Service tier of requests that ask for none, or for auto. Default: Default.',
  }),
  routing: group({
    mode: choice(['balanced', 'cost', 'quality'])
      .optional()
      .meta({ description: 'What decides: cost and quality, cost, or quality. Default: balanced.' }),
    models: z
      .array(text('a name in the model catalogue'), { error: 'a list of models' })
      .min(1, { error: 'at least one model' })
      .optional()
      .meta({ description: 'The models that it chooses from. Default: those of its version.' }),
  })
    .optional()
    .meta({ description: 'How a deployment of model-router chooses the model that answers.' }),
  spilloverDeploymentName: text('the name of a deployment').optional().meta({
    description: 'Standard deployment that answers what a provisioned one cannot take.',
  }),
})

const shareForm = 'a number from 0 to 1'
const factorForm = 'a number from 0 to 1000'
const factor = () => z.number({ error: factorForm }).min(0, { error: factorForm }).max(1_000, { error: factorForm })

export const serviceTiersSetting = () =>
  group({
    rampLimit: choice(['on', 'off']).meta({
      description:
        'Whether priority that grows by more than half within 15 minutes is served as default, where it exceeds it.',
      default: 'on',
    }),
    rampFrom: whole(0).meta({
      description:
        'Prompt tokens per minute and deployment from which the ramp limit holds. Azure does not say; a guess.',
      default: 100_000,
    }),
    flexUnavailable: z.number({ error: shareForm }).min(0, { error: shareForm }).max(1, { error: shareForm }).meta({
      description: 'Probability that the tier flex has no capacity, which is a 429 (0 to 1).',
      default: 0,
    }),
    flexFactor: factor().meta({
      description: 'Multiplies the latency of answers of the tier flex. A guess.',
      default: 2,
    }),
    monthlyTokens: z.record(z.string(), whole(0), { error: 'tokens by model' }).meta({
      description:
        'Usage tier: tokens a month, by model, above which standard deployments are slower. Months are those of UTC.',
      default: {},
    }),
    aboveMonthly: factor().meta({
      description: 'Multiplies the latency of answers above the usage tier.',
      default: 2,
    }),
  }).meta({ description: 'Service tiers (`service_tier`) and usage tiers.' })

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
