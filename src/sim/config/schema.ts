/**
 * Every setting, declared once: its type, check, default, description and place in the JSON schema. Keys are those of
 * `sim.yaml`. What a check's error says is what is allowed; what was found is added where problems are gathered.
 */
import * as z from 'zod'
import { agentsSetting } from './agents-setting.ts'
import { authSetting } from './auth.ts'
import { capacityOf, provisionedSetting, serviceTiersSetting } from './capacity.ts'
import { contentFilterSetting, contentFiltersSetting } from './content-filter.ts'
import { choice, flag, group, text, whole } from './forms.ts'
import { countingOf, limitSettings, limitsSetting } from './limits.ts'
import { deploymentLatency, latencySetting } from './latency.ts'
import { timeout } from './schema-kinds.ts'
import { redisSetting, serverSetting, stateSetting } from './hosting.ts'
import { batchesSetting, filesSetting, jobsSetting, keptSetting, liveSetting, responsesSetting } from './kept.ts'
import { rulesFromSetting, rulesSetting } from './rules.ts'
import { webhooksSetting } from './webhooks.ts'
import { mcpServersSetting } from './mcp.ts'
import { forwardSetting, recordingSetting, replaySetting } from './recorded.ts'
import { journalSetting, reportSetting, telemetrySetting } from './telemetry.ts'
import { quotaSetting } from './quota.ts'
import { verdictSetting } from './verdict-setting.ts'
import { resourcesSetting } from './resources-setting.ts'
import { sessionsSetting } from './sessions-setting.ts'
import { timelineSetting } from './timeline-setting.ts'
import { serviceLimitsSetting } from './service-limits.ts'

const Deployment = group({
  model: text('a name in the model catalogue').meta({
    python: 'openai_deployments.*.model',
    isModel: true,
    description: 'A name in the model catalogue.',
  }),
  ...limitSettings('openai_deployments.*'),
  maxTokens: choice(['exact', 'bound']).optional().meta({
    description: 'Like `generate.maxTokens`, for this deployment.',
  }),
  limits: countingOf(),
  contentFilter: text('the name of one of contentFilters').optional().meta({
    description: 'Name of its content filter, one of `contentFilters`.',
  }),
  ...capacityOf(),
  dimensions: whole(1).optional().meta({
    python: 'openai_deployments.*.embedding_size',
    description: 'Length of an embedding. Default: that of the model.',
  }),
  latency: deploymentLatency()
    .optional()
    .meta({
      description:
        "This deployment's own: { timeToFirstToken, interToken } or the name of a profile where it answers in tokens, else " +
        'one duration per request (per MB of audio that goes in, per second of speech).',
    }),
})

export const deploymentNameForm = '1 to 64 letters, digits, "-", "_" and ".", beginning with a letter or digit'

const apiKey = () => {
  const allowed = '1 to 256 printable ASCII characters, neither the first nor the last a space'
  return text(allowed).superRefine((key, context) => {
    // App Service hands the reference itself on where it could not be resolved.
    const isReference = key.startsWith('@Microsoft.KeyVault(')
    if (!isReference && /^(?! )[\x20-\x7e]{1,256}(?<! )$/.test(key)) return
    const params = { found: 'a Key Vault reference that was not resolved' }
    const message = "the key itself: see that the secret exists, and that the app's identity may read it"
    context.addIssue({ code: 'custom', message: isReference ? message : allowed, ...(isReference && { params }) })
  })
}

/** Python's names of levels are understood: `WARNING`. */
function asLevel(text: string): string {
  const word = text.trim().toLowerCase()
  return word === 'warning' ? 'warn' : word
}

const shareForm = 'a number from 0 to 1'

export const Settings = group({
  mode: choice(['generate', 'record', 'replay']).meta({
    env: 'SIMULATOR_MODE',
    python: 'simulator_mode',
    description: 'Where answers come from: generated, recorded from the service, or replayed from recordings.',
    default: 'generate',
  }),
  apiKey: apiKey().meta({
    env: 'SIMULATOR_API_KEY',
    startOnly: true,
    description: 'The key that clients must send.',
    secret: true,
  }),
  allowUndefinedDeployments: flag().meta({
    env: 'ALLOW_UNDEFINED_OPENAI_DEPLOYMENTS',
    python: 'allow_undefined_openai_deployments',
    description:
      'Whether a deployment that is not configured answers, with the model that its name contains, or is a 404.',
    default: true,
  }),
  undefinedDeployments: group(limitSettings('undefined_openai_deployments')).meta({
    description: 'Limits of each deployment that nobody configured.',
  }),
  deployments: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/), Deployment, { error: 'a mapping' })
    .meta({ description: 'Deployments by name.', default: {} }),
  resources: resourcesSetting(),
  quota: quotaSetting(),
  sessions: sessionsSetting(),
  timeline: timelineSetting(),
  latency: latencySetting(),
  limits: limitsSetting(),
  provisioned: provisionedSetting(),
  serviceTiers: serviceTiersSetting(),
  generate: group({
    promptSchemas: choice(['on', 'off']).meta({
      description:
        'Whether an answer follows the form that the prompt describes in words: a JSON schema, an example, names, or tags.',
      default: 'on',
    }),
    maxTokens: choice(['exact', 'bound']).meta({
      description:
        'Whether an answer has exactly as many tokens as a request allows, as load tests want it, or at most so many, as the ' +
        'service answers.',
      default: 'exact',
    }),
    medianTokens: whole(1, 1_000_000).meta({
      python: 'generate.median_tokens',
      description: 'Median length of an answer when the request sets no limit.',
      default: 120,
    }),
    sigma: z
      .number({ error: 'a number from 0 to 5' })
      .min(0, { error: 'a number from 0 to 5' })
      .max(5, { error: 'a number from 0 to 5' })
      .meta({
        python: 'generate.sigma',
        description: 'Spread of these lengths: the standard deviation of their logarithm.',
        default: 0.6,
      }),
    optional: z.number({ error: shareForm }).min(0, { error: shareForm }).max(1, { error: shareForm }).meta({
      description: 'Probability that an optional property of a schema is in the answer (0 to 1).',
      default: 0.9,
    }),
    toolCallProbability: z.number({ error: shareForm }).min(0, { error: shareForm }).max(1, { error: shareForm }).meta({
      python: 'generate.tool_call_probability',
      description: 'Probability that the model calls a tool when `tool_choice` is auto (0 to 1).',
      default: 1,
    }),
  }).meta({ description: 'How answers are generated.' }),
  contentFilter: contentFilterSetting(),
  contentFilters: contentFiltersSetting(),
  promptCache: group({
    enabled: flag().meta({
      python: 'prompt_cache.enabled',
      description:
        'Whether usage reports cached tokens when the deployment has recently seen the same beginning of a prompt.',
      default: true,
    }),
    lifetime: timeout().meta({
      python: 'prompt_cache.lifetime',
      description: 'How long a beginning stays cached after its last use.',
      default: '5min',
    }),
  }).meta({ description: 'The cache of prompts.' }),
  responses: responsesSetting(),
  kept: keptSetting(),
  jobs: jobsSetting(),
  live: liveSetting(),
  webhooks: webhooksSetting(),
  mcp: mcpServersSetting(),
  agents: agentsSetting(),
  azure: group({
    region: text('the name of a region, as East US 2').meta({
      python: 'azure.region',
      description: 'The region that answers and error messages name.',
      default: 'East US 2',
    }),
    frontEnd: choice(['new', 'classic']).meta({
      python: 'azure.front_end',
      description: 'Which generation of the service to imitate: from April 2026 on, or before.',
      default: 'new',
    }),
    resourceKind: choice(['OpenAI', 'AIServices']).meta({
      python: 'azure.resource_kind',
      description: 'Kind of the resource; a 429 names its pricing tier.',
      default: 'OpenAI',
    }),
    rateLimitError: choice(['since2023', 'since2025', 'since2026']).meta({
      python: 'azure.rate_limit_error',
      description: "Wording of a 429: that of 2023 to 2025, that since 2025, or the new front end's, which is a guess.",
      default: 'since2025',
    }),
    ...serviceLimitsSetting(),
  }).meta({ description: 'The service that is simulated.' }),
  rules: rulesSetting(),
  rulesFrom: rulesFromSetting(),
  simHeaders: choice(['on', 'off']).meta({
    description: 'Whether a request may ask for errors, faults and texts by headers of its own; see docs/rules.md.',
    default: 'on',
  }),
  auth: authSetting(),
  recording: recordingSetting(),
  replay: replaySetting(),
  forward: forwardSetting(),
  files: filesSetting(),
  batches: batchesSetting(),
  redis: redisSetting(),
  telemetry: telemetrySetting(),
  journal: journalSetting(),
  report: reportSetting(),
  verdict: verdictSetting(),
  extensionPath: text('the path of an ES module, or of a folder with one').optional().meta({
    env: 'EXTENSION_PATH',
    filePath: true,
    startOnly: true,
    description: 'ES module that extends the simulator, or a folder that contains one.',
  }),
  state: stateSetting(),
  seed: whole(0).optional().meta({
    env: 'SIMULATOR_SEED',
    python: 'seed',
    description: 'With a seed, the same request always gets the same answer, ids and latency included.',
  }),
  logLevel: choice(['debug', 'info', 'warn', 'error']).meta({
    env: 'LOG_LEVEL',
    fromEnv: asLevel,
    python: 'log_level',
    description: 'Lowest level that is logged.',
    default: 'info',
  }),
  server: serverSetting(),
})
export type Settings = z.output<typeof Settings>
