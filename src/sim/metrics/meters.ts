/**
 * What is measured of requests: the Python simulator's six metrics, the GenAI server metrics of OpenTelemetry
 * (semantic conventions 1.37), and those of the real resource by their names in Azure Monitor ("Azure OpenAI monitoring
 * data reference" on Microsoft Learn).
 */
import type { Spoken } from '../base/spoken.ts'
import { Memo } from '../base/memo.ts'
import type { Observation } from './observation.ts'
import { type Counter, counters, type MetricFamily, type Histogram, histograms } from './series.ts'

export type Meters = {
  /** All that was counted until now. */
  readonly families: () => readonly MetricFamily[]
  /** Counts one request, when its answer has ended. What it is given must not hold on to a body. */
  readonly observe: (observation: Observation) => void
  readonly spoke: (spoken: Spoken) => void
  /** Counts once more that limits are no longer counted together with other instances. */
  readonly limiterAway: () => void
}

/** Seconds: from the simulator's own fraction of a millisecond to a long answer's minutes. */
const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160]
const milliseconds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 40_000, 80_000, 160_000]
const lateMs = [0, 1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
const percents = [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100, 110, 150]
const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576]

export function createMeters(region: () => string): Meters {
  const all = families()
  const list: readonly MetricFamily[] = Object.values(all)
  /** What one kind of request is counted in; found by a text, so that no attributes are made for it. */
  const rows = new Memo<string, Rows>(maxRemembered)
  let waiting: Observation[] = []

  const rowsFor = (observation: Observation): Rows => {
    const { operation = 'none', deployment = '', status, stream } = observation
    const key = `${status} ${stream ? 's' : 'w'} ${operation} ${deployment} ${observation.region ?? ''} ${observation.phase ?? ''} ${observation.spilledFrom === undefined ? '' : 's'}`
    return rows.of(key, () => rowsOf(all, observation, observation.region ?? region()))
  }
  const settle = () => {
    const now = waiting
    waiting = []
    let last: Observation | undefined
    let kind: Rows | undefined
    for (const observation of now) {
      if (!kind || !last || !isAlike(observation, last)) kind = rowsFor(observation)
      count(kind, observation)
      last = observation
    }
  }

  return {
    families: () => {
      settle()
      return list
    },
    limiterAway: () => all.limiterAway.row({}).add(1),
    spoke({ deployment, soundMs, gaps, gapMs }) {
      all.audioSent.row({ deployment }).add(soundMs / 1000)
      all.audioGaps.row({ deployment }).add(gaps)
      all.audioLate.row({ deployment }).record(gapMs)
    },
    observe(observation) {
      if (waiting.push(observation) === maxWaiting) settle()
    },
  }
}

/** Many at once take half as long as each by itself: what they are counted in is near at hand for all but the first. */
const maxWaiting = 64

const isAlike = (one: Observation, other: Observation): boolean =>
  one.status === other.status &&
  one.stream === other.stream &&
  one.operation === other.operation &&
  one.deployment === other.deployment &&
  one.region === other.region &&
  (one.spilledFrom === undefined) === (other.spilledFrom === undefined) &&
  one.phase === other.phase

/** Combinations whose rows are remembered; beyond that they are looked up anew. */
const maxRemembered = 4096

type Rows = {
  readonly baseLatency: Histogram
  readonly fullLatency: Histogram
  readonly promptUsed: Histogram
  readonly completionUsed: Histogram
  readonly promptRequested: Histogram
  readonly completionRequested: Histogram
  readonly rateLimit: Histogram
  readonly requestsLimited: Histogram
  readonly tokensLimited: Histogram
  readonly duration: Histogram
  readonly firstToken: Histogram
  readonly perToken: Histogram
  readonly requests: Counter
  readonly timeToResponse: Histogram
  readonly lastByte: Histogram
  readonly betweenTokens: Histogram
  readonly promptProcessed: Counter
  readonly completionGenerated: Counter
  readonly tokensProcessed: Counter
  readonly tokensActive: Counter
  readonly utilization: Histogram
}

function count(rows: Rows, observation: Observation): void {
  const { receivedAtMs, plannedAtMs, firstAtMs, endedAtMs, usage, cost, refusedBy, status, stream } = observation
  const durationMs = endedAtMs - receivedAtMs
  rows.baseLatency.record((plannedAtMs - receivedAtMs) / 1000)
  rows.fullLatency.record(durationMs / 1000)
  rows.duration.record(durationMs / 1000)
  rows.requests.add(1)
  rows.timeToResponse.record(firstAtMs - receivedAtMs)
  rows.lastByte.record(durationMs)
  if (observation.utilization !== undefined) rows.utilization.record(Math.min(100, observation.utilization))
  if (refusedBy) {
    ;(refusedBy === 'tokens' ? rows.tokensLimited : rows.requestsLimited).record(1)
    if (cost) {
      rows.promptRequested.record(cost.promptTokens)
      rows.completionRequested.record(cost.maxTokens ?? 0)
    }
    return
  }
  if (!usage || status >= 400) return
  const { promptTokens, completionTokens } = usage
  const total = promptTokens + completionTokens
  if (total === 0) return
  rows.promptUsed.record(promptTokens)
  rows.promptRequested.record(promptTokens)
  rows.completionUsed.record(completionTokens)
  rows.completionRequested.record(completionTokens)
  rows.rateLimit.record(total)
  rows.promptProcessed.add(promptTokens)
  rows.completionGenerated.add(completionTokens)
  rows.tokensProcessed.add(total)
  rows.tokensActive.add(total - (usage.cachedTokens ?? 0))
  if (!stream || completionTokens === 0) return
  rows.firstToken.record((firstAtMs - receivedAtMs) / 1000)
  if (completionTokens < 2) return
  const perTokenMs = (endedAtMs - firstAtMs) / (completionTokens - 1)
  rows.perToken.record(perTokenMs / 1000)
  rows.betweenTokens.record(perTokenMs)
}

type Families = ReturnType<typeof families>

function rowsOf(
  all: Families,
  { operation, deployment, model, status, stream, phase, spilledFrom }: Observation,
  region: string,
): Rows {
  const ours = { deployment: deployment ?? '', ...(phase !== undefined && { phase }) }
  const byStatus = { ...ours, status_code: String(status) }
  const prompt = { ...ours, token_type: 'prompt' }
  const completion = { ...ours, token_type: 'completion' }
  const genAi = {
    'gen_ai.operation.name': operation ?? 'none',
    'gen_ai.provider.name': 'azure.ai.openai',
    'gen_ai.request.model': deployment ?? '',
    'gen_ai.response.model': model?.servedName ?? '',
    'http.response.status_code': String(status),
    ...(status >= 400 && { 'error.type': String(status) }),
  }
  const azure = {
    ApiName: 'Azure OpenAI API',
    OperationName: operation ?? 'none',
    Region: region,
    ModelDeploymentName: deployment ?? '',
    ModelName: model?.name ?? '',
    ModelVersion: model?.version ?? '',
  }
  const { ApiName, Region, ModelDeploymentName, ModelName } = azure
  const azureTokens = { ApiName, Region, ModelDeploymentName, ModelName }
  return {
    baseLatency: all.baseLatency.row(byStatus),
    fullLatency: all.fullLatency.row(byStatus),
    promptUsed: all.used.row(prompt),
    completionUsed: all.used.row(completion),
    promptRequested: all.requested.row(prompt),
    completionRequested: all.requested.row(completion),
    rateLimit: all.rateLimit.row(ours),
    requestsLimited: all.limits.row({ ...ours, limit_type: 'requests' }),
    tokensLimited: all.limits.row({ ...ours, limit_type: 'tokens' }),
    duration: all.duration.row(genAi),
    firstToken: all.firstToken.row(genAi),
    perToken: all.perToken.row(genAi),
    requests: all.requests.row({
      ...azure,
      StatusCode: String(status),
      StreamType: stream ? 'Streaming' : 'Non-Streaming',
      IsSpillover: spilledFrom === undefined ? 'False' : 'True',
    }),
    timeToResponse: all.timeToResponse.row({ ...azure, StatusCode: String(status) }),
    lastByte: all.lastByte.row({ ...azure, StatusCode: String(status) }),
    betweenTokens: all.betweenTokens.row({ ...azure, StatusCode: String(status) }),
    promptProcessed: all.promptProcessed.row(azureTokens),
    completionGenerated: all.completionGenerated.row(azureTokens),
    tokensProcessed: all.tokensProcessed.row(azureTokens),
    tokensActive: all.tokensActive.row(azureTokens),
    utilization: all.utilization.row(azureTokens),
  }
}

function families() {
  const old = (name: string, unit: string, description: string) => ({
    name: `aoai-api-simulator.${name}`,
    unit,
    description,
  })
  return {
    baseLatency: histograms(
      old('latency.base', 'seconds', 'Time to make an answer, without the latency that is simulated.'),
      seconds,
    ),
    fullLatency: histograms(
      old('latency.full', 'seconds', 'Time to answer, with the latency that is simulated.'),
      seconds,
    ),
    used: histograms(old('tokens.used', 'tokens', 'Tokens of answers that succeeded.'), tokens),
    requested: histograms(
      old('tokens.requested', 'tokens', 'Tokens that were asked for, also by requests that a limit refused.'),
      tokens,
    ),
    rateLimit: histograms(old('tokens.rate-limit', 'tokens', 'Tokens that were counted against a limit.'), tokens),
    limits: histograms(old('limits', 'requests', 'Requests that a limit refused.'), [1]),
    limiterAway: counters({
      name: 'aoai-api-simulator.limiter.away',
      unit: '{event}',
      description: 'Times that limits could not be counted together with other instances.',
    }),

    audioSent: counters(old('audio.sent', 's', 'How much was said in sessions, as long as it takes to hear.')),
    audioGaps: counters(
      old('audio.gaps', '{gap}', 'Times that a listener had heard all that was there, and more came late.'),
    ),
    audioLate: histograms(
      old('audio.late', 'ms', 'How long an answer aloud had a listener wait in its gaps, in all.'),
      lateMs,
    ),

    duration: histograms(
      { name: 'gen_ai.server.request.duration', unit: 's', description: 'Duration of a request to a model.' },
      seconds,
    ),
    firstToken: histograms(
      { name: 'gen_ai.server.time_to_first_token', unit: 's', description: 'Time to the first token of a stream.' },
      seconds,
    ),
    perToken: histograms(
      {
        name: 'gen_ai.server.time_per_output_token',
        unit: 's',
        description: 'Time per token of a stream after its first.',
      },
      seconds,
    ),

    requests: counters({ name: 'AzureOpenAIRequests', unit: '{request}', description: 'Calls of the API.' }),
    timeToResponse: histograms(
      { name: 'AzureOpenAITimeToResponse', unit: 'ms', description: 'Time to the first byte of an answer.' },
      milliseconds,
    ),
    lastByte: histograms(
      { name: 'AzureOpenAITTLTInMS', unit: 'ms', description: 'Time to the last byte of an answer.' },
      milliseconds,
    ),
    betweenTokens: histograms(
      { name: 'AzureOpenAINormalizedTBTInMS', unit: 'ms', description: 'Time between two tokens of a stream.' },
      milliseconds,
    ),
    promptProcessed: counters({
      name: 'ProcessedPromptTokens',
      unit: '{token}',
      description: 'Prompt tokens that were processed.',
    }),
    completionGenerated: counters({
      name: 'GeneratedTokens',
      unit: '{token}',
      description: 'Completion tokens that were generated.',
    }),
    tokensActive: counters({
      name: 'ActiveTokens',
      unit: '{token}',
      description: 'Tokens less those of prompts that were cached.',
    }),
    utilization: histograms(
      {
        name: 'AzureOpenAIProvisionedManagedUtilizationV2',
        unit: '%',
        description: 'How much of its provisioned throughput a deployment used, as each call found it.',
      },
      percents,
    ),
    tokensProcessed: counters({
      name: 'TokenTransaction',
      unit: '{token}',
      description: 'Prompt and completion tokens together.',
    }),
  }
}
