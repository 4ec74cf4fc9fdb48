/** `/++/config` in the Python simulator's JSON: from a configuration to it, and from a part of it to a change. */
import { isPacedByToken, type ModelLookup } from '../config/check-deployments.ts'
import type { Config } from '../config/config.ts'
import { shownRule } from '../config/content-filter.ts'
import { ConfigError, mismatch, shown, unknownName, type Problem } from '../config/problem.ts'
import { readSource, type ConfigSource } from '../config/read-source.ts'
import { mergeReadings, resolveConfig, type Resolved } from '../config/resolve.ts'
import { difference, isTree, mergeTrees, put, treeOf, valueAt, type Path, type Tree } from '../config/tree.ts'
import type { Latency, Spread } from '../types.ts'

/** What is set while the simulator runs; the last of its sources, once there was a change. */
export const runTimeSource = 'run-time change'

/** Without the key, and without what is read at the start only. */
export function toControlDocument(config: Config) {
  const { latency } = config
  return {
    simulator_mode: config.mode,
    latency: {
      open_ai_chat_completions: toTokenLatency(latency.chatCompletions),
      open_ai_completions: toTokenLatency(latency.completions),
      open_ai_embeddings: toSpread(latency.embeddings.unitMs),
      open_ai_translations: toSpread(latency.translations.unitMs),
      open_ai_transcriptions: toSpread(latency.transcriptions.unitMs),
      open_ai_speech: toSpread(latency.speech.unitMs),
      open_ai_images: toSpread(latency.images.unitMs),
    },
    openai_deployments: Object.fromEntries(
      Object.entries(config.deployments).map(([name, deployment]) => [
        name,
        {
          model: deployment.model,
          tokens_per_minute: deployment.tokensPerMinute ?? null,
          requests_per_minute: deployment.requestsPerMinute ?? null,
          embedding_size: deployment.dimensions ?? null,
          latency: deployment.latency ? toTokenLatency(deployment.latency) : null,
        },
      ]),
    ),
    allow_undefined_openai_deployments: config.allowUndefinedDeployments,
    undefined_openai_deployments: {
      tokens_per_minute: config.undefinedDeployments.tokensPerMinute ?? null,
      requests_per_minute: config.undefinedDeployments.requestsPerMinute ?? null,
    },
    limits: config.limits,
    generate: {
      median_tokens: config.generate.medianTokens,
      sigma: config.generate.sigma,
      tool_call_probability: config.generate.toolCallProbability,
    },
    content_filter: {
      mode: config.contentFilter.mode,
      partial_answers: config.contentFilter.keepsPartialAnswers,
      rules: config.contentFilter.rules.map(shownRule),
    },
    prompt_cache: { enabled: config.promptCache.isEnabled, lifetime: config.promptCache.lifetimeMs },
    azure: toAzureDocument(config.azure),
    seed: config.seed ?? null,
    log_level: config.logLevel,
  }
}

function toAzureDocument({ timeouts, ...azure }: Config['azure']) {
  const msOf = (ms: number | undefined) => (ms === undefined || ms === Infinity ? null : ms)
  return {
    region: azure.region,
    front_end: azure.frontEnd,
    resource_kind: azure.resourceKind,
    rate_limit_error: azure.rateLimitError,
    max_repeats: azure.maxRepeats ?? null,
    max_custom_headers: azure.maxCustomHeaders ?? null,
    timeout: msOf(timeouts?.usualMs),
    flex_timeout: timeouts?.flexMs === timeouts?.usualMs ? null : msOf(timeouts?.flexMs),
    timing_headers: azure.tellsTimes,
  }
}

/**
 * A part of the document above as a change of `sources`: null removes a deployment and resets anything else to its
 * default. All of it is taken, or a `ConfigError` tells every problem by the document's own paths.
 */
export function applyPatch(
  sources: readonly ConfigSource[],
  patch: unknown,
  models: ModelLookup,
): Resolved & { readonly sources: readonly ConfigSource[] } {
  const started = mergeReadings(sources.filter(({ name }) => name !== runTimeSource).map(readSource))
  const before = mergeReadings(sources.map(readSource))
  const isPerToken = (name: string) => {
    const model =
      valueAt(patch, ['openai_deployments', name, 'model']) ?? valueAt(before, ['deployments', name, 'model'])
    const found = typeof model === 'string' ? models.findModel(model) : undefined
    return !found || isPacedByToken(found)
  }
  const { input, problems: unmapped } = fromControlPatch(patch, isPerToken)
  const reading = readSource({ name: runTimeSource, input })
  const after = mergeTrees(before, reading.tree)
  // One source holds all changes, however many there were, so that they can be undone together.
  const changed: ConfigSource = { name: runTimeSource, input: difference(started, after) }
  const next = [...sources.filter(({ name }) => name !== runTimeSource), changed]
  const problems = [...unmapped, ...reading.problems.map(inControlTerms)]
  try {
    const resolved = resolveConfig(next, models)
    if (problems.length === 0) return { ...resolved, sources: next }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const known = new Set(problems.map(({ setting }) => setting))
    problems.push(...error.problems.map(inControlTerms).filter(({ setting }) => !known.has(setting)))
  }
  throw new ConfigError(problems)
}

/** The body of the 400 that answers a change which was refused. */
export function invalidConfigurationBody({ problems }: ConfigError) {
  const details = problems.map(({ setting, message }) => ({ path: setting, message }))
  const count = problems.length === 1 ? 'is 1 problem' : `are ${problems.length} problems`
  const message = `The configuration was not changed: there ${count}, listed in details.`
  return { error: { code: 'InvalidConfiguration', message, details } }
}

/** What stands where: a key of the document on the left, what it sets on the right. `*` is a deployment's name. */
const names: readonly (readonly [document: string, setting: string])[] = [
  ['simulator_mode', 'mode'],
  ...tokenLatency('latency.open_ai_chat_completions', 'latency.chatCompletions'),
  ...tokenLatency('latency.open_ai_completions', 'latency.completions'),
  ...spread('latency.open_ai_embeddings', 'latency.embeddings'),
  ...spread('latency.open_ai_translations', 'latency.translations'),
  ...spread('latency.open_ai_transcriptions', 'latency.transcriptions'),
  ...spread('latency.open_ai_speech', 'latency.speech'),
  ...spread('latency.open_ai_images', 'latency.images'),
  ['openai_deployments.*.model', 'deployments.*.model'],
  ['openai_deployments.*.tokens_per_minute', 'deployments.*.tokensPerMinute'],
  ['openai_deployments.*.requests_per_minute', 'deployments.*.requestsPerMinute'],
  ['openai_deployments.*.embedding_size', 'deployments.*.dimensions'],
  ...tokenLatency('openai_deployments.*.latency', 'deployments.*.latency'),
  ['allow_undefined_openai_deployments', 'allowUndefinedDeployments'],
  ['undefined_openai_deployments.tokens_per_minute', 'undefinedDeployments.tokensPerMinute'],
  ['undefined_openai_deployments.requests_per_minute', 'undefinedDeployments.requestsPerMinute'],
  ['limits.algorithm', 'limits.algorithm'],
  ['limits.charge', 'limits.charge'],
  ['generate.median_tokens', 'generate.medianTokens'],
  ['generate.sigma', 'generate.sigma'],
  ['generate.tool_call_probability', 'generate.toolCallProbability'],
  ['content_filter.mode', 'contentFilter.mode'],
  ['content_filter.partial_answers', 'contentFilter.partialAnswers'],
  ['content_filter.rules', 'contentFilter.rules'],
  ['prompt_cache.enabled', 'promptCache.enabled'],
  ['prompt_cache.lifetime', 'promptCache.lifetime.ms'],
  ['azure.region', 'azure.region'],
  ['azure.front_end', 'azure.frontEnd'],
  ['azure.resource_kind', 'azure.resourceKind'],
  ['azure.rate_limit_error', 'azure.rateLimitError'],
  ['azure.max_repeats', 'azure.maxRepeats'],
  ['azure.max_custom_headers', 'azure.maxCustomHeaders'],
  ['azure.timeout', 'azure.timeout.ms'],
  ['azure.flex_timeout', 'azure.flexTimeout.ms'],
  ['azure.timing_headers', 'azure.timingHeaders'],
  ['seed', 'seed'],
  ['log_level', 'logLevel'],
]

type Row = readonly [document: string, setting: string]

function tokenLatency(document: string, setting: string): readonly Row[] {
  return [
    ...spread(document, `${setting}.interToken`),
    ...spread(`${document}.time_to_first_token`, `${setting}.timeToFirstToken`),
  ]
}

function spread(document: string, setting: string): readonly Row[] {
  return [
    [`${document}.mean`, `${setting}.meanMs`],
    [`${document}.std_dev`, `${setting}.stdDevMs`],
  ]
}

type Mapping = { readonly document: Path; readonly setting: Path }
/** Every key of the document that sets something. */
export const mappings: readonly Mapping[] = names.map(([document, setting]) => ({
  document: document.split('.'),
  setting: setting.split('.'),
}))

/** A patch in the terms of `sim.yaml`, and what of it stands for no setting. */
function fromControlPatch(
  patch: unknown,
  isPerToken: (deployment: string) => boolean,
): { readonly input: Tree; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  let input: Tree = {}
  const refuse = (path: Path, message: string) => problems.push({ path, setting: path.join('.'), message })

  const walk = (value: unknown, document: Path) => {
    const under = mappings.filter((row) => startsWith(row.document, document))
    const exact = under.find((row) => row.document.length === document.length)
    if (exact || (value === null && document.length > 0)) {
      const setting = exact?.setting ?? commonPath(under.map((row) => row.setting))
      input = mergeChanges(input, settingChange(named(setting, document[1]), value, isPerToken))
    } else if (!isTree(value)) refuse(document, mismatch(shown(value), 'an object'))
    else {
      const known = new Set(under.map((row) => row.document[document.length] ?? ''))
      for (const [key, inner] of Object.entries(value)) {
        if (known.has('*') || known.has(key)) walk(inner, [...document, key])
        else refuse([...document, key], `is not a setting; ${unknownName(key, [...known])}`)
      }
    }
  }
  walk(patch, [])
  return { input, problems }
}

/** A deployment that does not answer in tokens has one duration, which takes the place of any other. */
function settingChange(setting: Path, value: unknown, isPerToken: (deployment: string) => boolean): Tree {
  // A duration is taken back whole, or it would be one without a length.
  if (value === null && setting.at(-1) === 'ms') return treeOf(setting.slice(0, -1), null)
  const [top, name = '', part, latency, ...rest] = setting
  if (top !== 'deployments' || part !== 'latency' || latency !== 'interToken') return treeOf(setting, value)
  const [kept, dropped] = isPerToken(name) ? ['interToken', 'each'] : ['each', 'interToken']
  const path = [top, name, part]
  return mergeChanges(treeOf([...path, dropped], null), treeOf([...path, kept, ...rest], value))
}

/** Two changes as one: unlike a change that is applied, a null stays. */
function mergeChanges(first: Tree, second: Tree): Tree {
  const merged: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const below = Object.hasOwn(first, key) ? first[key] : undefined
    put(merged, key, isTree(below) && isTree(value) ? mergeChanges(below, value) : value)
  }
  return merged
}

/** A problem, told by the document's paths. */
function inControlTerms(problem: Problem): Problem {
  const path = problem.path.map((key, at) => (at === 3 && key === 'each' ? 'interToken' : key))
  const under = mappings.filter((row) => startsWith(row.setting, path))
  const document = named(commonPath(under.map((row) => row.document)), path[1])
  if (under.length > 0) return { ...problem, setting: document.join('.') }
  // What stands in a list is named as in the file.
  const list = mappings.find((row) => startsWith(path, row.setting))
  return list ? { ...problem, setting: [...list.document, ...path.slice(list.setting.length)].join('.') } : problem
}

const startsWith = (path: Path, start: Path) =>
  start.length <= path.length && start.every((key, at) => path[at] === key || path[at] === '*')

/** With the deployment's name; what is about all deployments ends before it. */
const named = (path: Path, name: string | undefined) =>
  name === undefined && path.includes('*')
    ? path.slice(0, path.indexOf('*'))
    : path.map((key) => (key === '*' ? (name ?? key) : key))

function commonPath([first = [], ...others]: readonly Path[]): Path {
  const end = first.findIndex((key, at) => others.some((path) => path[at] !== key))
  return end < 0 ? first : first.slice(0, end)
}

function toTokenLatency({ firstMs, unitMs }: Latency) {
  return { ...toSpread(unitMs), time_to_first_token: firstMs ? toSpread(firstMs) : null }
}

const toSpread = ({ mean, stdDev }: Spread) => ({ mean, std_dev: stdDev })
