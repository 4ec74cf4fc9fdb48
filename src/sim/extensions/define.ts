/**
 * What an extension may add to the simulator, as values. These types are published as `aoai-simulated-api/extension`,
 * so they name nothing of the simulator's inside.
 *
 * One rule holds throughout: a function that answers `undefined` falls back to the built-in behaviour.
 */

/** Types an extension; it is what it was given. Names of operations that nothing has are refused by the compiler. */
export const defineExtension = <const Own extends string = never>(
  extension: Extension<Own> & { readonly operations?: readonly ExtensionOperation<Own>[] },
): Extension<Own> => extension

/** Operations that say something, as a generator is named. */
export type SayingOperation = 'chatCompletions' | 'completions' | 'responses' | 'messages' | 'realtimeRespond'

/** Operations that are built in, as a limiter is named. */
export type BuiltInOperation =
  | 'agents'
  | 'agentsVersions'
  | 'audioSpeech'
  | 'audioTranscriptions'
  | 'audioTranslations'
  | 'batches'
  | 'batchesCancel'
  | 'chatCompletions'
  | 'chatCompletionsMessages'
  | 'completions'
  | 'connections'
  | 'containers'
  | 'containersFiles'
  | 'containersFilesContent'
  | 'conversations'
  | 'conversationsItems'
  | 'dashboardWebhook_endpoints'
  | 'deployments'
  | 'embeddings'
  | 'files'
  | 'filesContent'
  | 'evals'
  | 'evalsRuns'
  | 'evalsRunsCancel'
  | 'evalsRunsOutput_items'
  | 'fine_tuningAlphaGradersRun'
  | 'fine_tuningAlphaGradersValidate'
  | 'fine_tuningJobs'
  | 'fine_tuningJobsCancel'
  | 'fine_tuningJobsCheckpoints'
  | 'fine_tuningJobsEvents'
  | 'fine_tuningJobsPause'
  | 'fine_tuningJobsResume'
  | 'imagesEdits'
  | 'imagesEmbeddings'
  | 'imagesGenerations'
  | 'info'
  | 'liveSessions'
  | 'liveSessionsAttach'
  | 'messages'
  | 'messagesCount_tokens'
  | 'models'
  | 'privateImages'
  | 'realtime'
  | 'realtimeClient_secrets'
  | 'realtimeRespond'
  | 'realtimeTranslations'
  | 'realtimeTranslationsClient_secrets'
  | 'realtimeapiSessions'
  | 'responses'
  | 'responsesCancel'
  | 'responsesCompact'
  | 'responsesConnect'
  | 'responsesInput_items'
  | 'responsesInput_tokens'
  | 'uploads'
  | 'uploadsCancel'
  | 'uploadsComplete'
  | 'uploadsParts'
  | 'vector_stores'
  | 'vector_storesFile_batches'
  | 'vector_storesFile_batchesCancel'
  | 'vector_storesFile_batchesFiles'
  | 'vector_storesFiles'
  | 'vector_storesFilesContent'
  | 'vector_storesSearch'
  | 'videos'
  | 'videosContent'
  | 'videosRemix'

/** `Own` are the names of its own operations that limiters may have: `defineExtension` finds them out. */
export type Extension<Own extends string = never> = {
  /** As logs and messages name it. */
  readonly name: string
  /** Whole APIs of one's own: routed, limited, observed as a built-in one is. */
  readonly operations?: readonly ExtensionOperation[]
  /** What an answer says, by operation: `chatCompletions`, `completions`, `responses`, `messages` (Claude). */
  readonly generators?: { readonly [Name in SayingOperation]?: Generator }
  /** Who is asked in record mode, beside the service itself. */
  readonly forwarders?: readonly ExtensionForwarder[]
  /** Whether a call may pass, by operation: a built-in one's key as in `generators`, or the `name` of one's own. */
  readonly limiters?: { readonly [Name in BuiltInOperation | NoInfer<Own>]?: ExtensionLimiter }
  /** How long an answer takes that is generated. */
  readonly latency?: (call: ExtensionCall) => Awaitable<ExtensionLatency | undefined>
  /** Sees each request once its key was found right; an answer here is the answer. */
  readonly onRequest?: (request: ExtensionRequest) => Awaitable<ExtensionAnswer | undefined>
  /** Sees each answer before it is sent; may change its status and headers, and its body where that is whole. */
  readonly onResponse?: (answer: ExtensionOutcome, request: ExtensionRequest) => Awaitable<ExtensionChange | undefined>
}

export type Awaitable<T> = T | Promise<T>

/** A request, read as the web's `Request` is. */
export type ExtensionRequest = {
  readonly method: string
  /** Absolute, as the client addressed it. */
  readonly url: string
  /** Without the query, as the client sent it. */
  readonly path: string
  readonly query: URLSearchParams
  /** What stands for `{name}` in the operation's path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: { get(name: string): string | null }
  readonly text: () => Promise<string>
  /** Rejects where the body is no JSON. */
  readonly json: () => Promise<unknown>
  readonly arrayBuffer: () => Promise<ArrayBuffer>
  readonly formData: () => Promise<FormData>
  /** Aborts when the client has gone. Absent where the host cannot tell. */
  readonly signal?: AbortSignal
}

export type ExtensionAnswer = {
  /** 200 where it is absent. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object goes out as JSON, what can be iterated over asynchronously as a stream, piece by piece. */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array> | object
  /** Milliseconds after its arrival at which the request is answered; at once where it is absent. */
  readonly afterMs?: number
}

export type ExtensionOperation<Name extends string = string> = {
  /** As logs, metrics and limiters name it. */
  readonly name: Name
  /** `GET` where it is absent. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  /** From the root on, as `/echo` or `/documentModels/{model}:analyze`; a last `{...rest}` takes all that follows. */
  readonly path: string
  /** A header that bears the simulator's key, beside `api-key`. */
  readonly keyHeader?: string
  readonly handle: (request: ExtensionRequest, context: ExtensionContext) => Awaitable<ExtensionAnswer>
}

/** What a handler is given of the simulator, so that it repeats where the simulator does. */
export type ExtensionContext = {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** From 0 up to, and without, 1; seeded where `SIMULATOR_SEED` is set. */
  readonly random: () => number
  /** What `make` made when that name was first asked for: the place for what is kept between requests. */
  readonly keep: <T>(name: string, make: () => T) => T
}

/** One call of a built-in operation, or of one's own. */
export type ExtensionCall = {
  /** The operation's key, as in `generators`. */
  readonly operation: string
  /** Absent for what is no deployment's. */
  readonly deployment: string | undefined
  readonly model: string | undefined
  /** As it was sent; absent where it is no JSON. */
  readonly body: unknown
  readonly headers: { get(name: string): string | null }
  readonly promptTokens: number
  readonly stream: boolean
  /** Milliseconds since the Unix epoch. */
  readonly receivedAtMs: number
}

/** What a generator is asked: the call, and its messages where it has such. */
export type GeneratorCall = ExtensionCall & {
  /** The conversation of a chat, a response or Claude, its texts as they are; what a tool said has the role `tool`. */
  readonly messages: readonly { readonly role: string; readonly text: string }[]
  /** The most tokens that the answer may have; longer text is cut off there. */
  readonly maxTokens: number
  readonly random: () => number
}

export type Generator = (call: GeneratorCall) => Awaitable<Said | string | undefined>

/** What an answer says. Its tokens are counted, paced and charged as those of a text made up are. */
export type Said = {
  readonly text?: string
  /** The model declines: told in the place that an API has for that, else as a text. */
  readonly refusal?: string
  /** Calls of tools, their arguments as an object or as JSON. */
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[]
  /** `stop` where it is absent, `tool_calls` where tools are called, `length` where the text was cut off. */
  readonly finishReason?: 'stop' | 'length'
}

export type ExtensionLimiter = (
  call: ExtensionCall,
  context: ExtensionContext,
) => Awaitable<ExtensionVerdict | undefined>

/** `retryAfterMs`: the request passes after so many milliseconds. */
export type ExtensionVerdict =
  { readonly ok: true } | { readonly ok: false; readonly reason?: 'tokens' | 'requests'; readonly retryAfterMs: number }

/** Milliseconds with their standard deviation, which is 0 where it is absent. */
export type ExtensionSpread = { readonly meanMs: number; readonly stdDevMs?: number }

export type ExtensionLatency = {
  /** To the first token; where it is absent, as `each`. */
  readonly timeToFirstToken?: ExtensionSpread
  /** Per token; for what has none, per request, or per megabyte of audio. */
  readonly each: ExtensionSpread
}

export type ExtensionForwarder = {
  readonly name: string
  /** All that lies below it is forwarded, as `/formrecognizer/`. */
  readonly path: string
  /** Where to, as `https://name.cognitiveservices.azure.com`. */
  readonly endpoint: string
  /** A header that bears the simulator's key, beside `api-key`. */
  readonly keyHeader?: string
  /** Headers that sign the request in, in place of the client's; `AZURE_OPENAI_KEY` is never sent there. */
  readonly signIn?: () => Awaitable<Readonly<Record<string, string>>>
  /** Whether an answer is kept; every one below 300 is where this is absent. */
  readonly keep?: (exchange: {
    readonly method: string
    readonly path: string
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    /** The body, where it is JSON. */
    readonly json: unknown
  }) => boolean
}

/** An answer that is about to be sent. */
export type ExtensionOutcome = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Absent where it is a stream. */
  readonly body?: string | Uint8Array
  readonly operation: string | undefined
  readonly deployment: string | undefined
}

export type ExtensionChange = {
  readonly status?: number
  /** Added to those that are there, or in their place. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | object
}
