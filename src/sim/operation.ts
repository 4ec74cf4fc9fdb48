/** What an endpoint of the API is, a value in the list of `operations/index.ts`; and the call that it answers. */
import type * as z from 'zod'
import type { Meter } from './base/slices.ts'
import type { Spoken } from './base/spoken.ts'
import type { BackEnd } from './base/back-end.ts'
import type { BackEndName } from './base/back-ends.ts'
import type { Keeping, Port } from './base/keeping.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config/config.ts'
import type { HostedRule } from './config/rule-hosted.ts'
import type { McpServer } from './config/rule-mcp.ts'
import type { ApiError } from './errors.ts'
import type { Wording } from './errors/layouts.ts'
import type { Said } from './extensions/define.ts'
import type { Random } from './random.ts'
import type { Interaction } from './recordings/interaction.ts'
import type { Load } from './base/latency.ts'
import type {
  Checkpoint,
  Cost,
  Deployment,
  Frame,
  Latency,
  LatencyName,
  LimitState,
  Model,
  ModelKind,
  Plan,
  ServedTier,
  SimRequest,
  SimResponse,
  StreamEvent,
  Surface,
  Usage,
  Wire,
} from './types.ts'

/** Where an operation is found, from the root of the resource on, and the dialect that is spoken there. */
export type Route = {
  readonly surface: Surface
  readonly template: `/${string}`
  /** Of the dated surface: the API, and the version that it came with, where an older one is refused. */
  readonly since?: Since
}

/** A dated version, and how the service calls the API that came with it; without a name the path is just not there before. */
export type Since = { readonly version: string; readonly name?: string }

/** How a request came, and to whom, where that changes what its body means. */
export type BodyContext = {
  readonly surface: Surface
  readonly headers: SimRequest['headers']
  readonly match: Match
  /** What it keeps may be spoken of. */
  readonly resource: Resource
}

/** What a generator makes: its usage, and how many units of latency it takes (tokens, one request, megabytes). */
export type Generated = {
  readonly usage: Usage
  readonly units: number
  /** Of its tokens: thought before the first that can be seen. */
  readonly hiddenTokens?: number
  /** The service's own clock, where it tells it. */
  readonly checkpoint?: Checkpoint
}

/** What an answer takes its time from. */
export type Pace = { readonly latency: Latency; readonly config: Config }
/** What is known of a request when the headers of its answer are made. */
export type FamilyAbout = {
  readonly requestId: string
  readonly state: LimitState | undefined
  readonly receivedAtMs: number
}

/** Where an error is put into words; the call is known where the request came so far. */
export type ErrorContext = Wording & { readonly call: AnyCall | undefined }

/** An error as it goes over the wire. */
export type Worded = { readonly status: number; readonly body: string; readonly contentType?: string }

/** One of the APIs that a resource speaks: where its paths lie, who may come in, which versions it has, how it says no. */
export type Family = {
  readonly name: Surface
  /** Its paths lie below; a family without one has no paths but those of its operations. */
  readonly prefix?: Path
  /** May stand before the prefix, and is not looked at. */
  readonly within?: Path
  /** Where a real service has more that is of this family, and the simulator nothing. */
  readonly unknownBelow?: readonly Path[]
  /** What the names of its clients' own headers begin with. */
  readonly headerPrefixes?: readonly string[]
  /** Where an operation is that names no routes; absent: nowhere. */
  readonly usualTemplate?: (scope: AnyOperation['scope'], path: Path) => Path | undefined
  /** A header that bears the key beside `api-key`, in lower case. */
  readonly keyHeader?: string
  /** False where the service's content filter does not look at its answers. */
  readonly isFiltered?: boolean
  /** The key may come as a bearer token. */
  readonly takesBearerKey?: boolean
  /** Its versions are dates, and what came with one is refused in those before. */
  readonly hasDatedVersions?: boolean
  /** Its versions, as clients are told of them, where they are not the dated ones, and the header that names one in place of the query. */
  readonly versions?: readonly string[]
  readonly versionHeader?: string
  /** Its one version; absent: the query names it. */
  readonly version?: string
  /** Throws what is answered to an api-version that it does not have. `hasGates`: an operation is missed before its own. */
  readonly checkVersion: (match: Match, version: string | null, hasGates: boolean) => void
  /** What is said of a path that no operation has. */
  readonly pathNotFound: () => ApiError
  /** What is said where the body does not name a deployment. */
  readonly modelMissing: () => ApiError
  /** What is said of a model that has another API, where that is not for the operation to say. */
  readonly modelUnfit?: () => ApiError
  /** How it puts an error into words, where it has its own for it. */
  readonly wordError?: (error: ApiError, context: ErrorContext) => Worded | undefined
  /** Headers of its answers and errors, beside those that every one has. */
  readonly headers?: (about: FamilyAbout) => Readonly<Record<string, string>>
}

type Path = `/${string}`

/** What operations of every scope may say of themselves. */
export type OperationCommon = {
  /** What its body may be, as it is described to clients; absent where it has none. */
  readonly accepts?: { readonly json?: () => z.ZodType; readonly form?: () => z.ZodType }
  /** Only the simulator itself asks for it: clients are told of no such thing. */
  readonly isInner?: true
  /** Shelves that it takes from what the request names: looked up first, where they survive in a place. */
  readonly keeps?: readonly Shelf[]
  /** Shelves of which it tells all. */
  readonly lists?: readonly Shelf[]
  /** In place of the usual ones of the operation's scope. */
  readonly routes?: readonly Route[]
  /** Of the usual dated route: the version that it came with. */
  readonly since?: Since
  /** A header that bears the key beside `api-key`, in lower case. */
  readonly keyHeader?: string
  /** Of today's surface: it takes no api-version, and who names one may not come in. */
  readonly takesNoVersion?: true
  /** Who may come in beside those with a key of the resource: by what it gave out itself. */
  readonly admits?: (headers: SimRequest['headers'], resource: Resource) => boolean | Promise<boolean>
  /** Answers without the key, as its address alone says that the client may have it; the simulator's own in every mode. */
  readonly isOpen?: true
  /** The service behind the door that answers, a row of `base/back-ends.ts`; `model` where it is absent. */
  readonly backEnd?: BackEndName
  /** How it puts an error into words, where neither its family nor the service at large says it so. */
  readonly wordError?: (error: ApiError, context: ErrorContext) => Worded | undefined
  /** How a stream of its events tells that it broke off; an event of that name where it is absent. */
  readonly streamError?: (message: string) => string
}

/** What `resource.shelf` makes of it, as far as its place is concerned. */
export type Shelf = (live: LiveResource) => { readonly port: Port }

/** A stream with a time on each of its pieces. */
export type Paced = {
  readonly contentType: string
  readonly frames: Iterable<Frame>
  readonly headers?: Readonly<Record<string, string>>
}

/** One endpoint of the API. Everything that is particular to the endpoint is here, and only that. */
export type Operation<Body, Answer extends Generated> = OperationCommon & {
  readonly scope: 'deployment'
  /** As the service's messages name it, for example `ChatCompletions_Create`. */
  readonly name: string
  /** As the service calls it where a model cannot do it, for example `chatCompletion`. */
  readonly label: string
  readonly method: 'POST'
  /** Below `/openai/deployments/{deployment}` and below `/openai/v1`. */
  readonly path: `/${string}`
  readonly modelKind: ModelKind
  /** The model of a deployment that nobody configured and whose name is no model's. */
  readonly defaultModel: string
  readonly latency: LatencyName
  readonly content: 'json' | 'multipart'
  /** Whether it leaves behind what other requests may ask for; it does not where this is absent. */
  readonly leaves?: (body: Body) => boolean
  /** From the parsed JSON, or from the form. Throws an `ApiError` for what the service would refuse. */
  readonly parse: (input: unknown, model: Model, context: BodyContext) => Body
  /** Of a deployment that lets another model answer: that one, and what the request says as it takes it. */
  readonly routed?: (deployment: Deployment, input: Input) => { readonly deployment: Deployment; readonly input: Input }
  /** What has to be read before the body can be measured, where that takes time. Resolves to what the operator should know. */
  readonly readAhead?: (bytes: Uint8Array, input: unknown) => Promise<string | undefined> | undefined
  readonly measure: (body: Body, model: Model) => Cost
  /** What the service's limiter takes it to be: a quarter of its characters where it is absent. */
  readonly estimate?: (body: Body, cost: Cost, about: { readonly model: Model; readonly apiVersion: string }) => number
  readonly isStream?: (body: Body) => boolean
  /** Throws an `ApiError` where the body does not fit the model: too long, or a parameter it refuses. */
  readonly check?: (body: Body, cost: Cost, model: Model) => void
  /** Lets the content filter look through a long prompt before the answer is made. */
  readonly lookAhead?: (body: Body, config: Config) => void
  /** Throws where a dated version is older than the model, or than what the input asks for. */
  readonly checkDated?: (version: string, model: Model, input: unknown) => void
  /** Its answer is a text or calls of tools, which an extension may choose: `call.said`. */
  readonly isSaid?: true
  /** The model of what the body names in a model's place. */
  readonly modelOf?: (input: Readonly<Record<string, unknown>>, match: Match, resource: Resource) => string | undefined
  /** Where what is asked, or of which model, leads to another service than `backEnd`; the body is absent where it was refused. */
  readonly backEndOf?: (body: Body | undefined, model: Model, match: Match, apiVersion: string) => BackEndName
  /** Parameters of its body that are taken and change nothing, where a client would see that. */
  readonly withoutEffect?: readonly string[]
  /** The like that stands deeper in it: what of this body has no effect. */
  readonly unused?: (body: Body) => readonly string[]
  /** The tier of processing that the body asks for. */
  readonly tier?: (body: Body) => string | null | undefined
  /** A seed that the body asks for. */
  readonly seed?: (body: Body) => number | undefined
  /** Whether a request goes on from what is kept: to read and to measure a short one may take long then. */
  readonly goesOn?: (input: Readonly<Record<string, unknown>>) => boolean
  /** Long work of `generate` is done in slices: all that it changes, it does in steps (`base/slices.ts`). */
  readonly isSliced?: true | ((call: Call<Body>) => boolean)
  readonly generate: (call: Call<Body>, config: Config) => Answer
  /** What others than the simulator have to say before that, where anybody is to be asked; undefined of nearly all. */
  readonly askOthers?: (call: Call<Body>, config: Config) => Promise<Call<Body>> | undefined
  /**
   * The answer in one piece; absent where every answer is a stream. `endsAtMs` is when it will be there, from the request's
   * arrival on. Long work is done in steps, and nothing is changed before the last. `bytes` is for a long text whose length in bytes is known, so that it need not be counted.
   */
  readonly whole?: (call: Call<Body>, answer: Answer, endsAtMs: number) => Whole
  readonly events?: (call: Call<Body>, answer: Answer) => Iterable<StreamEvent>
  /** A stream that is no events, or whose events do not come token by token; in place of `events`. */
  readonly paced?: (call: Call<Body>, answer: Answer, latency: Latency) => Paced
  /** In place of both, for an answer that keeps a time of its own; `undefined` where this one does not. */
  readonly plan?: (call: Call<Body>, answer: Answer, pace: Pace) => Plan | undefined
}

/** An answer that is no stream of events; one that is too long to be held is made in pieces, while it is sent. */
export type Whole = { readonly contentType: string; readonly headers?: Readonly<Record<string, string>> } & (
  { readonly data: string | Uint8Array; readonly bytes?: number | undefined } | { readonly pieces: Iterable<string> }
)

/** An endpoint that belongs to the resource, not to a deployment: it has no limits and no latency. */
export type ResourceOperation = OperationCommon & {
  readonly scope: 'resource'
  readonly name: string
  readonly method: string
  /** Below `/openai` and below `/openai/v1`. */
  readonly path: `/${string}`
  /** The deployment that it is about, by what its address says: for rules alone. */
  readonly about?: (call: AnyCall) => string | null
  /** Its body, where it has one, is in `call.wire`. Throws an `ApiError` for what the service would refuse. */
  readonly answer: (call: AnyCall, config: Config) => Promise<Plan> | Plan
}

// TypeScript has no existential types, so the table of operations is where `any` is allowed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyDeploymentOperation = Operation<any, any>
export type AnyOperation = AnyDeploymentOperation | ResourceOperation

/** What the path says: which operation, on which deployment. */
export type Match = {
  readonly operation: AnyOperation
  readonly family: Family
  /** The family's name. */
  readonly surface: Surface
  /** What may stand before the family's prefix does. */
  readonly isWithin?: boolean
  /** What stands for `{name}` in the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The dated version that the API came with, where an older one is refused. */
  readonly since?: Since | undefined
}

/** One request, parsed and validated. Nothing after this stage looks at the raw request but through `wire`. */
export type Call<Body = unknown, D extends Deployment | undefined = Deployment> = {
  /** The `apim-request-id` of its answer. */
  readonly requestId: string
  readonly match: Match
  readonly deployment: D
  /** The service that answers it; its operation's own where it is absent. */
  readonly backEnd?: BackEnd | undefined
  readonly body: Body
  readonly stream: boolean
  readonly cost: Cost
  /** `v1`, or the dated version that the query names. */
  readonly apiVersion: string
  readonly receivedAtMs: number
  /** Draws what this call's answer says; seeded where the configuration or the request asks for that. */
  readonly random: Random
  /** Draws its ids and its times; seeded where the configuration asks for that. */
  readonly timing: Random
  /** Aborts when the client has gone. Asked for only by what waits, since hosts make it on demand. */
  readonly signal: () => AbortSignal | undefined
  readonly wire: Wire
  /** Told of the work that is done for it. */
  readonly meter?: Meter | undefined
  /** What is kept between requests. */
  readonly resource: Resource
  /** What its answer says, where an extension chose it. */
  readonly said?: Said | undefined
  /** What a rule says of the MCP servers that it names, and of the service's own tools. */
  readonly mcp?: readonly McpServer[] | undefined
  readonly hosted?: HostedRule | undefined
  /** The tier that serves it, where it or its deployment asks for one. */
  readonly tier?: ServedTier | undefined
  /** What its deployment does beside it, where that changes how long it takes. */
  readonly load?: Load | undefined
  /** Every answer that was kept for such a request, oldest first. Replay mode alone. */
  readonly recorded?: readonly Interaction[]
}

type Input = Record<string, unknown> | undefined

/** Any call: one to a resource's operation, or to a path that only the service knows, has no deployment. */
export type AnyCall = Call<unknown, Deployment | undefined>

/** A call, or what is wrong with its body: the service counts a request before it looks at the body closely. */
export type Parsed = { readonly call: AnyCall; readonly refusal: ApiError | undefined }

/**
 * What a resource keeps between requests: its stored responses, files, batches. One for each simulator, so that two in
 * one process share nothing. A call's has the configuration of the moment at which its request came.
 */
export type Resource = {
  readonly clock: Clock
  /** Draws ids of what is kept. */
  readonly random: Random
  readonly config: Config
  /** The deployment of that name; where nobody configured it and that is allowed, one made for it. */
  readonly findDeployment: FindDeployment
  /** The one value that `make` made for this resource: made at first use, and the same ever after. */
  readonly shelf: <T>(make: (resource: LiveResource) => T) => T
  /** Told of the simulator's own mistakes. */
  readonly report: (error: unknown) => void
  /** For what goes on after the answer. */
  readonly live: LiveResource
}

/** The same as it is at any moment: for what is kept, and for work that nobody waits for. */
export type LiveResource = Omit<Resource, 'config' | 'live'> & {
  readonly config: () => Config
  /** Where what is kept survives; absent where it lives in memory alone. */
  readonly keeping: Keeping | undefined
  /** Sends a request of the resource's own through the whole pipeline, as a client's that was let in. */
  readonly dispatch: (request: SimRequest) => Promise<SimResponse>
  /** Generates such an answer at once and whole, uncounted and untold, whatever the mode: for work that nobody waits for. */
  readonly answerAtOnce: (request: SimRequest) => Promise<SimResponse>
  /** Told of each answer aloud. */
  readonly spoke: (spoken: Spoken) => void
  /** As a call that comes now sees it. */
  readonly at: (config: Config, findDeployment: FindDeployment) => Resource
}

export type FindDeployment = (name: string, defaultModel?: string) => Deployment | undefined
