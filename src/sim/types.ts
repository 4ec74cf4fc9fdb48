/**
 * The values a request becomes on its way through `pipeline.ts`, in order:
 * SimRequest -> Match -> Call -> Admission -> Plan -> SimResponse.
 * Each stage reads the value before it and makes the next; none is changed after it is made.
 */

import type { Origin } from './base/origin.ts'
import type { Flight } from './base/flight.ts'
import type { OpenSession } from './base/live-socket.ts'
export type { LiveSession, LiveSocket, OpenSession } from './base/live-socket.ts'
import type { BackEndName } from './base/back-ends.ts'
import type { Routing, Sku, Throughput } from './base/capacity.ts'
import type { Latency, Load, UnderLoad } from './base/latency.ts'
export type * from './base/latency.ts'
export { profileNames } from './base/latency.ts'
export type * from './base/capacity.ts'
export { skus } from './base/capacity.ts'

/** A request as any host can give it. Everything is read from here, never from a host's own parsing. */
export type SimRequest = {
  readonly method: string
  /** As the client sent it: absolute, or from the path on. */
  readonly url: string
  /** What stands before the service's path where the client reached it, for links that lead back: `/resources/name`. */
  readonly base?: string
  /** `name` in lower case. Where `forEach` is absent, only headers that are known by name can be sent on. */
  readonly headers: {
    get(name: string): string | null
    forEach?(visit: (value: string, name: string) => void): void
    /** Whether any has a name that begins so, in lower case: asked of each request, so it makes nothing. */
    hasPrefix?(prefix: string): boolean
  }
  /**
   * The whole body, or `undefined` where it is longer than `maxBytes`. Called at most once. Rejects where the body
   * did not arrive whole (the client left, or was too slow). A host that can hold a client up counts in `flight`, and
   * rejects with `NoRoom` where there is none.
   */
  readonly bytes: (maxBytes: number, flight?: Flight) => Promise<Uint8Array | undefined>
  /** Aborts when the client has gone. Absent where the host cannot tell (Functions). */
  readonly signal?: AbortSignal
  /** Which of the host's connections it came over. Absent where the host cannot tell. */
  readonly connection?: number | undefined
  /** What a host that can tell may have beside `signal`, as it costs less: calls `run` once when the client has gone. */
  readonly onGone?: OnGone
}

/** Returns an unsubscribe function. If the client has left already, `run` is called at once. */
export type OnGone = (run: () => void) => () => void

/** Plain data, so that any host can send it. */
export type SimResponse = {
  /** Of an answer within a live connection: where it breaks off, that is closed with this code. */
  readonly closeCode?: number
  /** In place of an answer the connection becomes a live one; only to a request that asked for that (`upgrade`). */
  readonly session?: OpenSession
  readonly status: number
  /** What stands beside the status where it is not the usual phrase, for hosts that can send one. */
  readonly phrase?: string
  /** `content-length` is always there for a whole body, never for a stream. */
  readonly headers: Readonly<Record<string, string>>
  /** In place of an answer the connection is reset; a host that cannot sends what is here. */
  readonly isReset?: boolean
  /** Absent for a client that has gone: there is nobody to answer. */
  readonly body?: string | Uint8Array | StreamBody
}

/**
 * A streamed answer pushes itself into the host's sink, each frame at its time, and never throws. It is pushed by one
 * clock for all streams, not pulled by a generator each: that is twice the streams on a core.
 */
export type StreamBody = (sink: Sink) => void

export type Sink = {
  /**
   * False when the client does not keep up: write no more until `onDrain` calls. `isAscii` where that is known of a
   * text: it need not be looked through then.
   */
  write(chunk: string | Uint8Array, isAscii?: boolean): boolean
  /** Calls `resume` once, when there is room again. */
  onDrain(resume: () => void): void
  end(): void
  /** Breaks the connection off, so that the client knows that it has not got all. Absent where the host cannot. */
  cut?(): void
  /** Calls `stop` at most once, when the client has gone before the end. */
  onClose(stop: () => void): void
}

/** What a model is for; an operation works with one or several of these. */
export type ModelKind =
  | 'chat'
  | 'responses'
  /** Claude's own API. */
  | 'messages'
  | 'completion'
  | 'embedding'
  | 'transcription'
  | 'translation'
  | 'speech'
  | 'image'
  | 'video'
  | 'realtime'
  /** What has an API of its own that is not simulated: ranks, reads documents, foretells. */
  | 'other'

export type Encoding = 'cl100k_base' | 'o200k_base'

/** A row of the catalogue: one version of one model. */
export type Model = {
  /** As a deployment names it, for example `gpt-4.1-mini`. */
  readonly name: string
  /** For example `2025-04-14`. */
  readonly version: string
  /** As answers name it, mostly `{name}-{version}`. */
  readonly servedName: string
  readonly kinds: readonly ModelKind[]
  readonly encoding: Encoding
  /** Prompt and completion together. */
  readonly contextWindowTokens: number
  /** Of the prompt alone, where that is less than the context window. */
  readonly maxInputTokens: number
  readonly maxOutputTokens: number
  /** How a chat prompt's tokens are counted beyond its texts: see `operations/parts/prompt-tokens.ts`. */
  readonly promptFormat: 'gpt-35-0301' | 'gpt-4' | 'o-series' | 'gpt-5'
  /** Thinks before it answers, and refuses the sampling parameters. */
  readonly isReasoning: boolean
  /** Parameters of chat completions that this model refuses as unsupported. */
  readonly refuses: readonly string[]
  /** Requests per minute that come with each thousand tokens per minute. */
  readonly requestsPerThousandTokens: number
  /** Embedding models only: how long a vector is, and whether a request may ask for fewer. */
  readonly dimensions?: { readonly size: number; readonly isAdjustable: boolean }
  /** Seconds since the Unix epoch. */
  readonly createdAtSeconds: number
}

export type LatencyName =
  'chatCompletions' | 'completions' | 'embeddings' | 'translations' | 'transcriptions' | 'speech' | 'images'

export type Deployment = {
  readonly name: string
  readonly model: Model
  /** Absent: no limit. */
  readonly tokensPerMinute: number | undefined
  readonly requestsPerMinute: number | undefined
  /** The requests of a minute may come at once, not spread over slices of it. */
  readonly requestsAtOnce?: boolean
  /** What requests are counted by, where that is not a minute. */
  readonly requestsPeriodMs?: number | undefined
  readonly sku?: Sku | undefined
  readonly capacity?: number | undefined
  /** Provisioned: it has this in place of limits. */
  readonly throughput?: Throughput | undefined
  /** How many requests it works on at once; the others wait. */
  readonly concurrency?: number | undefined
  readonly underLoad?: UnderLoad | undefined
  /** Who answers what this one cannot take. */
  readonly spilloverDeploymentName?: string | undefined
  /** Of requests that ask for none. */
  readonly serviceTier?: 'Default' | 'Priority' | undefined
  /** Its model was chosen for this request by a router. */
  readonly isRouted?: boolean
  /** Of a model router: among whom it chooses, and how. */
  readonly routing?: Routing | undefined
  /** How its limits are counted, where not as the configuration says for all. */
  readonly limits?: LimitSettings | undefined
  /** The name of its own content filter, where it has one. */
  readonly contentFilter?: string | undefined
  /** Length of the vectors, where it is not the model's own. */
  readonly dimensions: number | undefined
  /** The deployment's own, where it has one; otherwise the operation's from the configuration. */
  readonly latency: Latency | undefined
}

/** How limits are counted, and what a call is charged. */
export type LimitSettings = { readonly algorithm: LimitAlgorithm; readonly charge: LimitCharge }
export type LimitAlgorithm = 'sliding' | 'fixed' | 'leaky'
export type LimitCharge = 'actual' | 'reserve' | 'estimated' | 'python'

export type Usage = {
  readonly promptTokens: number
  readonly completionTokens: number
  /** Of the prompt. */
  readonly cachedTokens?: number
  /** Of the completion, when its client left. */
  readonly sentTokens?: number | undefined
}

/** What is known of a call's size before any work is done: what limiters charge. */
export type Cost = {
  readonly promptTokens: number
  readonly promptCharacters: number
  /** The most tokens that one choice may have, where the request says so. */
  readonly maxTokens: number | undefined
  /** How many choices are asked for (`n`, or `best_of` where that is more). */
  readonly choices: number
  /** False for operations that are limited by requests alone. */
  readonly countsTokens: boolean
  /** What the service's limiter takes it to be, where that is asked for. */
  readonly estimatedTokens?: number
  /** The operation, where its calls are counted apart from the others of its deployment. */
  readonly countedApart?: string
}

/**
 * The dialects of a Foundry resource: `?api-version=YYYY-MM-DD`, `/openai/v1`, the model inference API below `/models`,
 * Claude below `/anthropic`; `project` is a project's dated door; `own` is a path that some extension has.
 */
export type Surface = 'dated' | 'v1' | 'project' | 'inference' | 'claude' | 'own'

/** The request's path and query, taken apart once. */
export type Target = { readonly path: string; readonly query: URLSearchParams }

/** What came over the wire, for a forwarder to send on and a recording to be found by. */
export type Wire = {
  readonly method: string
  /** As the client sent it: absolute, or from the path on. */
  readonly url: string
  readonly base?: string | undefined
  readonly target: Target
  readonly contentType: string
  readonly headers: SimRequest['headers']
  readonly bytes: Uint8Array
}

/** Where a deployment's limits stand, for the `x-ratelimit-*` headers. */
export type LimitState = {
  readonly limitTokens: number | undefined
  readonly remainingTokens: number
  /** Milliseconds until all tokens are there again. */
  readonly resetTokensMs: number
  readonly limitRequests: number | undefined
  readonly remainingRequests: number
  readonly resetRequestsMs: number
  /** What requests are counted by, where that is not a minute. */
  readonly requestsPeriodMs?: number
  /** Of provisioned throughput, in percent, in place of all the others. */
  readonly utilization?: number
  /** What this call took, which is not left any more. */
  readonly takenTokens?: number
}

/** A limiter's decision. It is data: the pipeline makes the 429 and the headers from it. */
export type Admission =
  | {
      readonly ok: true
      /** Absent where nothing is limited. */
      readonly state: LimitState | undefined
      /** Called once, when the answer has ended, with what it really used. */
      readonly settle: (usage: Usage) => void
      readonly load?: Load
      /** Called before that, as soon as it is known how much of the prompt was cached. Where that counts. */
      readonly deduct?: (cachedTokens: number) => void
    }
  | {
      readonly ok: false
      readonly reason: 'tokens' | 'requests'
      /** The request passes after this many milliseconds if nothing else comes, and not before. */
      readonly retryAfterMs: number
      readonly state: LimitState
    }

/** Bytes with a time on each. A generated, a recorded and a replayed answer all become one of these. */
export type Plan = {
  readonly status: number
  readonly contentType: string
  /** Headers beyond those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>
  /** Who answers, where that is not the one that the operation names. */
  readonly backEnd?: BackEndName
  /** The headers are a real service's, all of them: none is added but for limits of our own. */
  readonly isRelayed?: boolean
  /** There is no answer: the connection is reset. */
  readonly isReset?: boolean
  /** The connection becomes a live one. */
  readonly session?: OpenSession
  readonly closeCode?: number
  /** Of a live answer it is known at its end only. */
  readonly usage: Usage
  /** Generated, where it is absent. */
  readonly origin?: Origin
  readonly body:
    | {
        readonly kind: 'whole'
        readonly atMs: number
        readonly data: string | Uint8Array
        /** How long it is, where that is known. */
        readonly bytes?: number | undefined
        /** It is kept anyway, so that to send it takes no more room than is on its way. */
        readonly isKept?: true
      }
    | {
        readonly kind: 'stream'
        readonly frames: Iterable<Frame>
        /** An answer that nobody asked to be streamed, too long to be held. */
        readonly isWhole?: boolean
      }
    | {
        readonly kind: 'live'
        readonly source: LiveBody
        readonly usage: () => Usage | undefined
        /** When the head goes out, where that is not at once. */
        readonly atMs?: number | undefined
        /** How long it is, where that is told. */
        readonly bytes?: number | undefined
      }
}

/** A body that is still arriving. It pushes, as events do, and can be held up. */
export type LiveBody = {
  /** Called once, at most; nothing is lost before. Exactly one of `end` and `fail` comes last, if no `cancel` did. */
  readonly start: (reader: LiveReader) => void
  readonly pause: () => void
  readonly resume: () => void
  /** Nobody wants the rest: whoever sends it is told to stop. */
  readonly cancel: () => void
}

export type LiveReader = {
  readonly data: (bytes: Uint8Array) => void
  /** All has arrived. */
  readonly end: () => void
  /** It broke off, for that reason; `isTold` where the last data said so in the body's own form. */
  readonly fail: (reason: Error, isTold?: boolean) => void
}

/**
 * A piece of a stream. `atMs` counts from the moment the request was received and never goes down. It may be the same
 * object as the piece before it: what it says holds until the next one is asked for.
 */
export type Frame = {
  readonly atMs: number
  readonly data: string | Uint8Array
  readonly isAscii?: boolean
  /** How many tokens came before it, where that is known. */
  readonly tokensBefore?: number
}

/** One server-sent event as it goes over the wire, and how many completion tokens it carries; as long as a `Frame`. */
export type StreamEvent = {
  readonly tokens: number
  readonly data: string
  /** Known to be as many bytes as characters, so that they need not be counted. */
  readonly isAscii?: boolean
}
