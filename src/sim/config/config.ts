/** The configuration as the app sees it: one value, parsed and checked whole, never written to. */
import type { Latency, LatencyName, Spread } from '../types.ts'

export type Mode = 'generate' | 'record' | 'replay'

export type LimitAlgorithm = 'sliding' | 'fixed' | 'leaky'
export type LimitCharge = 'actual' | 'reserve' | 'old'

export type DeploymentConfig = {
  /** A name in the catalogue. */
  readonly model: string
  readonly tokensPerMinute: number | undefined
  readonly requestsPerMinute: number | undefined
  readonly dimensions: number | undefined
  readonly latency: Latency | undefined
}

export type FilterCategory =
  | 'custom_blocklists'
  | 'hate'
  | 'indirect_attack'
  | 'jailbreak'
  | 'profanity'
  | 'protected_material_code'
  | 'protected_material_text'
  | 'self_harm'
  | 'sexual'
  | 'violence'

export type FilterRule = {
  /** Absent: what is found is the whole prompt, or begins halfway through the answer. */
  readonly pattern: RegExp | undefined
  /** Finds in answers to such prompts alone. */
  readonly answersTo: RegExp | undefined
  readonly category: FilterCategory
  /** Of hate, self_harm, sexual and violence alone; the others are detected or not. */
  readonly severity: 'low' | 'medium' | 'high' | undefined
  readonly findsInPrompts: boolean
  readonly findsInAnswers: boolean
  readonly isBlocking: boolean
  readonly blocklist: string | undefined
  readonly citation: { readonly url: string; readonly license: string } | undefined
}

export type ContentFilter = {
  /** `error` is how the service answers where its filter does not work. */
  readonly mode: 'default' | 'asynchronous' | 'off' | 'error'
  /** Whether an answer that is blocked, and not streamed, has its message up to there. */
  readonly keepsPartialAnswers: boolean
  readonly rules: readonly FilterRule[]
}

/** Whose tokens are taken. */
export type EntraConfig = {
  /** In lower case, as the ids of principals are. */
  readonly tenantId: string
  readonly audiences: readonly string[]
  readonly keysUrl: string
  /** Who holds the role that is needed; where nobody is named, everyone. */
  readonly principals: readonly string[]
}

export type AuthConfig = {
  /** Absent: no token is taken for its own sake. */
  readonly entra: EntraConfig | undefined
  readonly acceptAnyToken: boolean
  readonly disableKeys: boolean
  /** Where the key is taken as a bearer token. */
  readonly bearerKeys: 'v1' | 'everywhere'
  readonly network: 'allow' | 'deny'
}

export type Config = {
  readonly mode: Mode
  readonly apiKey: string
  readonly auth: AuthConfig
  /** Whether a deployment that nobody configured answers, or is 404. */
  readonly allowUndefinedDeployments: boolean
  /** Limits of each deployment that nobody configured. */
  readonly undefinedDeployments: {
    readonly tokensPerMinute: number | undefined
    readonly requestsPerMinute: number | undefined
  }
  readonly deployments: Readonly<Record<string, DeploymentConfig>>
  readonly latency: Readonly<Record<LatencyName, Latency>>
  readonly limits: { readonly algorithm: LimitAlgorithm; readonly charge: LimitCharge }
  readonly generate: {
    /** Tokens of an answer that the request does not bound: log-normal with this median and spread of the logarithm. */
    readonly medianTokens: number
    readonly sigma: number
    /** How often a question is answered by calling one of the tools that may be called. */
    readonly toolCallProbability: number
  }
  readonly contentFilter: ContentFilter
  /** Whether the beginnings of prompts are remembered, and how long. */
  readonly promptCache: { readonly isEnabled: boolean; readonly lifetimeMs: number }
  /** What is kept of the Responses API. */
  readonly responses: {
    readonly maxResponses: number
    readonly maxBytes: number
    readonly lifetimeMs: number
    /** Before one in the background is in progress. */
    readonly queueMs: Spread
  }
  readonly azure: {
    /** As answers and messages name it, for example `East US 2`. */
    readonly region: string
    /** Whose headers and fields answers have: those since April 2026, or the ones before. */
    readonly frontEnd: 'new' | 'classic'
    readonly resourceKind: 'OpenAI' | 'AIServices'
    /** The words of a 429: of 2023 to 2025, since then, or the new front end's, which are guessed. */
    readonly rateLimitError: 'old' | 'current' | 'new'
    /** Of one phrase in a row in a chat prompt. */
    readonly maxRepeats: number | undefined
    readonly maxCustomHeaders: number | undefined
    /** After which an answer in one piece is given up; absent where none is, so that it takes one look to see that. */
    readonly timeouts: { readonly usualMs: number; readonly flexMs: number } | undefined
    /** Whether headers tell how long the model took. */
    readonly tellsTimes: boolean
  }
  /** Where recordings are: a container if `containerUrl` or `connectionString` names one, else the folder `dir`. */
  readonly recording: {
    readonly dir: string
    readonly containerUrl: string | undefined
    readonly connectionString: string | undefined
    /** The container's name, where a connection string is given. */
    readonly container: string
    /** False: what was recorded stays in memory until it is asked to be saved, or until the stop. */
    readonly autosave: boolean
    /** Fields of the body that do not matter for finding a recording. */
    readonly match: { readonly ignore: readonly string[] }
    /** Which answers of equal requests are kept. */
    readonly keep: 'first' | 'all'
  }
  readonly replay: {
    /** What a request gets that no recording fits. */
    readonly onMiss: 'error' | 'generate' | 'forward'
    /** How many times as fast as recorded; 0 leaves all waits out. */
    readonly speed: number
  }
  /** The real service, for record mode. */
  readonly forward: {
    readonly endpoint: string | undefined
    /** Absent: signed in by an Entra token. */
    readonly key: string | undefined
    readonly connectTimeoutMs: number
    /** The longest silence of the service, before its answer as well as within. */
    readonly idleTimeoutMs: number
    readonly totalTimeoutMs: number
  }
  readonly files: {
    readonly processTimeMs: number
    readonly maxFiles: number
    /** Of all together. */
    readonly maxBytes: number
    readonly lifetimeMs: number
  }
  readonly batches: {
    readonly validateTimeMs: number
    /** Over which the lines are spread. */
    readonly runTimeMs: number
    readonly finalizeTimeMs: number
    readonly maxBatches: number
    readonly lifetimeMs: number
  }
  /** Where instances count limits together; without an address each counts alone. */
  readonly redis: {
    readonly url: string | undefined
    /** How long a call waits for it before its instance counts alone. */
    readonly timeoutMs: number
    readonly auth: 'auto' | 'entra' | 'url'
  }
  readonly telemetry: {
    readonly metrics: boolean
    /** Of an Application Insights resource. */
    readonly connectionString: string | undefined
    /** As App Service has it: `Authorization=AAD;ClientId=…`. */
    readonly authentication: string | undefined
    readonly otlpEndpoint: string | undefined
    readonly serviceName: string
    readonly exportIntervalMs: number
  }
  /** How many of the last requests are remembered; 0 keeps none. */
  readonly journal: { readonly size: number }
  /** An ES module that extends the simulator, or a folder with one. */
  readonly extensionPath: string | undefined
  /** Where instances share their configuration: a container if one is named, else the folder, if one is. */
  readonly state: {
    readonly dir: string | undefined
    readonly containerUrl: string | undefined
    readonly connectionString: string | undefined
    readonly container: string
    readonly refreshMs: number
  }
  /** Makes the same request get the same answer, ids and timing draws included. */
  readonly seed: number | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly server: {
    readonly maxBodyBytes: number
    readonly maxHeaderBytes: number
    readonly headerTimeoutMs: number
    readonly bodyTimeoutMs: number
    readonly idleTimeoutMs: number
    /** How long a stop waits for what still runs. */
    readonly stopTimeoutMs: number
  }
}
