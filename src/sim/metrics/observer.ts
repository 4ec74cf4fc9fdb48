/** Who is told of each request: the log, the meters, the journal. */
import type { Clock } from '../clock.ts'
import { Bodies, BodyRoom } from './bodies.ts'
import { defaultResource } from '../base/default-resource.ts'
import type { Config } from '../config/config.ts'
import type { Log } from '../base/log.ts'
import type { Observation } from './observation.ts'
import type { Export, ExportOptions } from './export.ts'
import { History } from './history.ts'
import { Journal, withoutBytes } from './journal.ts'
import { createLive, type LiveFigures } from './live.ts'
import { delayGauges, type LoopDelay } from './loop-delay.ts'
import { createMeters } from './meters.ts'
import { quotaGauges, type QuotaLeft } from './quota-gauges.ts'
import type { Spoken } from '../base/spoken.ts'
import { reasonOf } from '../base/reason.ts'

export type ResourceObserver = {
  readonly observe: (observation: Observation) => void
  readonly spoke: (spoken: Spoken) => void
  readonly journal: Journal
  /** What was asked and answered, where that is kept. */
  readonly bodies: Bodies
  /** What the run came to. */
  readonly history: History
}

export type Observer = {
  /** Of all resources. */
  readonly live: LiveFigures
  readonly limiterAway: () => void
  /** What the deployments of a resource have left of their limits, where metrics are to tell of it. */
  readonly tellQuota: (name: string, quota: QuotaLeft) => void
  /** What one resource is told of, and its journal. */
  readonly of: (name: string, config: () => Config) => ResourceObserver
  /** The text of `GET /++/metrics`, piece by piece. */
  readonly metrics: () => Promise<Iterable<string>>
  /** Sends what has not been sent yet. */
  readonly close: () => Promise<void>
}

type Parts = {
  readonly clock: Clock
  readonly log: Log
  /** As the process starts with it. */
  readonly start: Config
  readonly config: () => Config
  readonly told: ((observation: Observation) => void) | undefined
  readonly loopDelay: LoopDelay | undefined
  /** Of the process's timeline, where one holds. */
  readonly phase: () => string | undefined
}

export function createObserver({ clock, log, start, config, told, loopDelay, phase }: Parts): Observer {
  const meters = createMeters(() => config().azure.region)
  const live = createLive(clock, phase)
  const inFlight = () => ({
    name: 'aoai-api-simulator.requests.in-flight',
    unit: 'requests',
    description: 'Requests that have arrived and have not ended.',
    value: live.inFlight(),
  })
  const quotas = new Map<string | undefined, QuotaLeft>()
  const gauges = () => [
    ...(config().telemetry.metrics ? [inFlight(), ...quotaGauges(quotas)] : []),
    ...(loopDelay ? delayGauges(loopDelay()) : []),
  ]
  const sending = startSending(start.telemetry, { families: meters.families, gauges, clock, log })
  let text: Promise<() => Iterable<string>> | undefined
  const loadText = () =>
    import('./prometheus.ts').then(({ prometheusText }) => prometheusText({ families: meters.families, gauges }, clock))
  let hasTold = false
  const room = new BodyRoom(maxBodyBytes)
  const observerOf = (name: string, own: () => Config): ResourceObserver => {
    const journal = new Journal(() => own().journal.size)
    const bodies = new Bodies(room)
    const resource = nameOf(name)
    const history = new History(() => own().report.moments)
    return {
      journal,
      bodies,
      history,
      spoke(spoken) {
        const { telemetry } = config()
        const { deployment, model } = spoken
        const isKnown = isApart({ deployment, model: { name: model } }, own(), telemetry)
        if (telemetry.metrics) meters.spoke(isKnown ? spoken : { ...spoken, deployment: otherNames })
        live.spoke(spoken, resource)
      },
      observe(observation) {
        const { telemetry, logLevel } = config()
        const { mode, generate, azure } = own()
        const tokens = observation.usage?.completionTokens ?? 0
        if (!hasTold && tokens > longAnswerTokens && mode === 'generate' && generate.maxTokens === 'exact') {
          hasTold = true
          log.info(
            `An answer had ${tokens} tokens, as many as its request allows, and took its time. Set generate.maxTokens to bound for lengths as of the service. (logged once)`,
          )
        }
        const known = withoutBytes(observation)
        const kept = resource === undefined ? known : { ...known, resource, region: azure.region }
        if (telemetry.metrics)
          meters.observe(isApart(kept, own(), telemetry) ? kept : { ...kept, deployment: otherNames })
        journal.add(kept)
        live.ended(kept)
        history.add(kept, live.inFlight())
        if (observation.work) log.warn(workLine(observation, observation.work))
        if (logLevel === 'debug') log.debug(lineOf(kept))
        told?.(kept)
      },
    }
  }
  return {
    live,
    of: observerOf,
    limiterAway: meters.limiterAway,
    tellQuota: (name, quota) => quotas.set(nameOf(name), quota),
    metrics: async () => (await (text ??= loadText()))(),
    close: async () => {
      live.close()
      await (await sending)?.close()
    },
  }
}

/** The resource of the top level has none. */
const nameOf = (name: string): string | undefined => (name === defaultResource ? undefined : name)

/** Of all bodies that are kept in the process; the oldest go first. */
const maxBodyBytes = 67_108_864

/** What names of deployments that nobody configured are counted as: a client may think of any number of them. */
const otherNames = '(other)'

type Named = { readonly deployment: string | undefined; readonly model: { readonly name: string } | undefined }

/** A model's own name is known as well as a configured one. */
const isApart = ({ deployment, model }: Named, { deployments }: Config, telemetry: Config['telemetry']) =>
  deployment === undefined ||
  deployments[deployment] !== undefined ||
  deployment === model?.name ||
  telemetry.undefinedDeployments === 'apart'

/** Few answers of the service are longer. */
const longAnswerTokens = 2_000

/** The packages that send take a fifth of a second to load: only who sends waits for them. */
async function startSending(telemetry: Config['telemetry'], options: ExportOptions): Promise<Export | undefined> {
  const { metrics, connectionString, otlpEndpoint } = telemetry
  if (!metrics || (connectionString === undefined && otlpEndpoint === undefined)) return undefined
  try {
    const { startExport } = await import('./export.ts')
    return await startExport(telemetry, options)
  } catch (error) {
    options.log.error(`Metrics are not sent: ${reasonOf(error)}`)
    return undefined
  }
}

/** Of a request that kept the thread for long: which others waited for. */
function workLine({ operation, path, requestId }: Observation, work: NonNullable<Observation['work']>): string {
  const [total, longest] = [work.totalMs, work.longestMs].map((ms) => Math.round(ms))
  return `${operation ?? path.slice(0, 200)} took ${total} ms of work, ${longest} ms of it at a stretch, for a request of ${work.requestBytes} bytes (${requestId}).`
}

/** One line a request, as JSON, so that a machine can read it too. */
function lineOf(observation: Observation): string {
  const { method, path, status, deployment, operation, usage, requestId, refusedBy, origin } = observation
  const { receivedAtMs, firstAtMs, endedAtMs, error } = observation
  return JSON.stringify({
    method,
    path,
    status,
    totalMs: Math.round(endedAtMs - receivedAtMs),
    firstByteMs: Math.round(firstAtMs - receivedAtMs),
    operation,
    deployment,
    promptTokens: usage?.promptTokens,
    completionTokens: usage?.completionTokens,
    why: refusedBy ?? origin?.kind,
    error,
    requestId,
  })
}
