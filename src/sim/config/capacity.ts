/** What a deployment was given: its type and how many units of it, and who answers what it cannot take. */
import { skus } from '../types.ts'
import { choice, flag, group, text, whole } from './forms.ts'
import { time } from './schema-kinds.ts'

export const capacityOf = () => ({
  sku: choice(skus).optional().meta({ description: 'Type of the deployment, as Azure names it.' }),
  capacity: whole(1)
    .optional()
    .meta({
      description:
        'Units of the type: of provisioned ones PTU, of others what its model lets pass for a unit, mostly 1,000 tokens per ' +
        'minute. Limits that are set as well hold instead.',
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
