/** What a test sees of the kit: simulators, sessions, rules and the requests that were made. It names those beside it alone. */
import type { MadeRequest, RequestFilter } from './requests.ts'
import type { Settings } from './settings.ts'
import type { Verdict } from './verdict.ts'
export type { Settings }
export type * from './requests.ts'
export type * from './verdict.ts'

/** `a`, or `a` and others. */
type Some<T> = T | readonly T[]
/** These, and any other: extensions have names of their own. */
type OrOther<T extends string> = T | (string & {})
/** With its unit: `250ms`, `2s`, `1min`. */
export type Duration = string

/** An operation by the name that rules give it. */
export type OperationName = OrOther<
  | 'chatCompletions'
  | 'completions'
  | 'responses'
  | 'messages'
  | 'embeddings'
  | 'imagesGenerations'
  | 'imagesEdits'
  | 'imagesEmbeddings'
  | 'audioSpeech'
  | 'audioTranscriptions'
  | 'audioTranslations'
>

/** An error of the service by its name. */
export type ErrorName =
  | 'rateLimit'
  | 'tokenLimit'
  | 'systemBusy'
  | 'resourceUnavailable'
  | 'insufficientQuota'
  | 'contentFilter'
  | 'contextLength'
  | 'invalidRequest'
  | 'invalidKey'
  | 'permissionDenied'
  | 'deploymentNotFound'
  | 'timeout'
  | 'serverError'
  | 'internalError'
  | 'gatewayAuthentication'
  | 'badGateway'
  | 'serviceUnavailable'
  | 'gatewayTimeout'

/** What goes wrong with an answer. */
export type FaultName =
  | 'cut'
  | 'end'
  | 'stall'
  | 'errorEvent'
  | 'malformed'
  | 'truncatedArguments'
  | 'duplicate'
  | 'reorder'
  | 'splitCharacter'
  | 'trickle'
  | 'slowHeaders'
  | 'wrongType'
  | 'noKeepAlive'
  | 'refuse'
  | 'close'
  | 'expire'

/** What is asked of a request that was made; all of it must hold. */
export type Conditions = {
  readonly operation?: Some<OperationName> | undefined
  readonly deployment?: Some<string> | undefined
  readonly model?: Some<string> | undefined
  readonly region?: Some<string> | undefined
  /** Whether a stream is asked for. */
  readonly stream?: boolean | undefined
  /** Stands in the last text of the user, or in the input; in any case, or a pattern: `/refunds?/i`. */
  readonly prompt?: string | undefined
  readonly system?: string | undefined
  /** Stands in any text of the conversation. */
  readonly conversation?: string | undefined
  /** How many texts of the user there are: `3`, `'1..2'`, `'5..'`. */
  readonly turn?: number | string | undefined
  /** The last message is a result of this tool. */
  readonly toolResult?: string | undefined
  /** What the request's JSON has among other things. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A phase of the timeline. */
  readonly phase?: Some<string> | undefined
}

/** Which requests a rule is for; none: all. */
export type When = Conditions & {
  /** Which of the requests for which all else holds: `3`, `'1..2'`, `'5..'`, `'every 4'`. */
  readonly call?: number | string | undefined
  /** How many of them: `'5%'`, or a number from 0 to 1. */
  readonly chance?: number | string | undefined
  /** How much of its limit the deployment uses: `'>90%'`. */
  readonly utilization?: number | string | undefined
}

/** What an MCP server has, and which of its tools is called. */
export type McpServer = {
  readonly server: string
  readonly tools: readonly {
    readonly name: string
    readonly description?: string | undefined
    readonly inputSchema?: Readonly<Record<string, unknown>> | undefined
    readonly arguments?: Readonly<Record<string, unknown>> | undefined
    readonly result?: string | undefined
    readonly error?: string | undefined
  }[]
  readonly call?: string | undefined
}

/** What happens to them: one answer at most, and any changes. */
export type Then = {
  /** What the answer says. */
  readonly text?: string | undefined
  /** The same as JSON. */
  readonly json?: unknown
  /** The model declines, and says so with this. */
  readonly refusal?: string | undefined
  readonly toolCalls?: readonly { readonly name: string; readonly arguments?: unknown }[] | undefined
  /** How many tokens the answer has. */
  readonly tokens?: number | undefined
  readonly error?:
    | ErrorName
    | {
        readonly status: number
        readonly code?: string | undefined
        readonly message?: string | undefined
        readonly headers?: Readonly<Record<string, string>> | undefined
      }
    | undefined
  /** The answer as it goes over the wire. */
  readonly raw?:
    | {
        readonly status?: number | undefined
        readonly headers?: Readonly<Record<string, string>> | undefined
        readonly body?: unknown
      }
    | undefined
  /** How long the client is asked to wait. */
  readonly retryAfter?: Duration | number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly latency?:
    | {
        readonly timeToFirstToken?: Duration | number | undefined
        readonly interToken?: Duration | number | undefined
        readonly factor?: number | undefined
      }
    | undefined
  readonly mcp?: Some<McpServer> | undefined
  readonly hosted?: HostedTools | undefined
  readonly fault?: FaultName | undefined
  /** Where in the answer: one of these. */
  readonly after?:
    | {
        readonly tokens?: number | undefined
        readonly bytes?: number | undefined
        readonly events?: number | undefined
        readonly time?: Duration | number | undefined
      }
    | undefined
  readonly for?: Duration | number | undefined
  readonly every?: Duration | number | undefined
  readonly code?: number | undefined
}

/** What the service's own tools do. */
type HostedTools = {
  readonly shell?:
    | {
        readonly commands: readonly string[]
        readonly stdout?: string | undefined
        readonly stderr?: string | undefined
        readonly exitCode?: number | undefined
        readonly timesOut?: boolean | undefined
      }
    | undefined
  readonly applyPatch?:
    | {
        readonly operation: 'create_file' | 'update_file' | 'delete_file'
        readonly path: string
        readonly diff?: string | undefined
      }
    | undefined
  readonly codeInterpreter?: { readonly code: string; readonly logs?: string | undefined } | undefined
  readonly computer?: { readonly actions: readonly { readonly type: string }[] } | undefined
}

export type Rule = {
  readonly id?: string | undefined
  readonly name?: string | undefined
  /** Off with false: it stays, and fits nothing. */
  readonly enabled?: boolean | undefined
  readonly when?: When | undefined
  readonly then: Then
}

/** A rule that is in force. */
export type KnownRule = Rule & {
  readonly id: string
  /** How often it was applied. */
  readonly applied: number
}

/** The rules of a resource, while it runs. */
export type Rules = {
  /** Behind the others. */
  readonly add: (rule: Rule) => Promise<KnownRule>
  /** Before the others. */
  readonly addFirst: (rule: Rule) => Promise<KnownRule>
  /** These, in place of all that there are. */
  readonly set: (rules: readonly Rule[]) => Promise<readonly KnownRule[]>
  readonly change: (id: string, part: Partial<Rule>) => Promise<KnownRule>
  readonly remove: (id: string) => Promise<void>
  readonly list: () => Promise<readonly KnownRule[]>
  /** Back to those of the start. */
  readonly reset: () => Promise<readonly KnownRule[]>
}

export type Expectation = {
  readonly when?: Conditions
  /** What was answered. */
  readonly status?: Some<number>
  /** The rule that had a hand in it. */
  readonly rule?: string
  /** How many such requests there are; one or more where nothing is said. */
  readonly count?: number | { readonly min?: number; readonly max?: number }
}

export type ExpectOptions = {
  /** The requests came in the order of the expectations. */
  readonly inOrder?: boolean
  /** How long to wait for what is not there yet: a second where nothing is said. */
  readonly within?: Duration
}

/** What was seen of each expectation, with the requests that came nearest where there were too few. */
export type Seen = {
  readonly met: boolean
  readonly requests: number
  readonly error?: { readonly code: string; readonly message: string }
  readonly expectations: readonly {
    readonly met: boolean
    readonly expected: { readonly min: number; readonly max?: number }
    readonly seen: number
    readonly requests: readonly string[]
    readonly nearest?: readonly {
      readonly id: string
      readonly status: number
      readonly differs: readonly string[]
      readonly found: Readonly<Record<string, unknown>>
    }[]
  }[]
}

export type TimelinePosition = {
  readonly state: 'none' | 'waiting' | 'running' | 'over' | 'stopped'
  readonly phase?: string | null
  readonly elapsedMs?: number
  readonly remainingMs?: number | null
}

/** A simulated resource: where it is, and what a test may do with it. */
export type World = {
  /** As `AZURE_OPENAI_ENDPOINT` has it. */
  readonly endpoint: string
  readonly apiKey: string
  /** For `new AzureOpenAI(…)` of the package openai. */
  readonly azure: {
    readonly endpoint: string
    readonly apiKey: string
    readonly apiVersion: string
    readonly fetch: typeof fetch
  }
  /** For `new OpenAI(…)`: the v1 API. */
  readonly openai: { readonly baseURL: string; readonly apiKey: string; readonly fetch: typeof fetch }
  /** The variables that clients read by themselves. */
  readonly env: Readonly<Record<string, string>>
  /** Reaches it without a port where it is in this process. */
  readonly fetch: typeof fetch
  readonly rules: Rules
  /** The requests that were made, newest first. */
  readonly requests: (filter?: RequestFilter) => Promise<readonly MadeRequest[]>
  /** Forgets the requests that were made. */
  readonly forget: () => Promise<void>
  /** Resolves where the requests that were made are those; else rejects with an `ExpectationError`. */
  readonly expect: (expected: Some<Expectation>, options?: ExpectOptions) => Promise<Seen>
  readonly verdict: () => Promise<Verdict>
  /** Changes settings while it runs. */
  readonly change: (settings: Settings) => Promise<void>
  readonly timeline: {
    readonly position: () => Promise<TimelinePosition>
    readonly start: () => Promise<TimelinePosition>
    readonly stop: () => Promise<TimelinePosition>
    readonly skip: () => Promise<TimelinePosition>
  }
}

export type SessionSettings = Settings & {
  /** As lists show it. */
  readonly name?: string
  /** How long it is kept: `10min` where nothing is said. */
  readonly lifetime?: Duration
  readonly region?: string
}

/** A resource for one test, which no other test meets. */
export type Session = World & {
  readonly id: string
  readonly name: string
  readonly end: () => Promise<{ readonly calls: number; readonly statuses: Readonly<Record<string, number>> }>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** One that runs: in this process, or elsewhere. */
export type Simulator = World & {
  readonly session: (settings?: SessionSettings) => Promise<Session>
  /** Stops it where it was started here; one that runs elsewhere is left alone. */
  readonly stop: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export type StartOptions = {
  /** `none` is reached by `fetch` alone; 0, which is usual, takes any that is free. */
  readonly port?: number | 'none'
  readonly host?: string
}

type Use<T> = (value: T) => Promise<void>

/** For `test.extend(…)` of vitest and of Playwright: a simulator for each worker, and a session for each test. */
export type SimulatorFixtures = {
  readonly aoaiSimulator: [(context: object, use: Use<Simulator>) => Promise<void>, { readonly scope: 'worker' }]
  readonly aoaiSession: (context: { readonly aoaiSimulator: Simulator }, use: Use<Session>) => Promise<void>
}
