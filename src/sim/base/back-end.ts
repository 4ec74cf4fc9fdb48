/** What one of the services behind a resource's door answers with: see the rows of `back-ends.ts`. */
import type { Layout } from './layout.ts'

type Headers = Readonly<Record<string, string>>

export type AccountHeader =
  | 'openai-organization'
  | 'openai-project'
  | 'openai-client-partition-id'
  | 'azureml-served-by-cluster'
  | 'azureml-internal-forward-count'
  | 'x-aml-cluster'

export type BackEnd = {
  /** Of what it refuses itself. */
  readonly errors: Layout
  /** Of what it answers, where one that belongs to no deployment writes JSON; compact where it is absent. */
  readonly answers?: Layout
  /** `Content-Type` of a whole JSON answer, and of events; as the endpoint has it where it is absent. */
  readonly json?: string
  readonly events?: string
  /** Sent with answers and errors, with answers alone, with streams alone. */
  readonly headers?: Headers
  readonly answerHeaders?: Headers
  readonly streamHeaders?: Headers
  /** Names of headers that tell how many milliseconds it took. */
  readonly times?: readonly string[]
  /** Names of headers that tell how many seconds it took, as `0.034`. */
  readonly seconds?: readonly string[]
  /** Names of headers that repeat the id of the request, and of those that bear an id of their own. */
  readonly ids?: readonly string[]
  readonly ownIds?: readonly string[]
  /** Names of headers that tell whose account answers, and which cluster of machines: the same in every answer. */
  readonly account?: readonly AccountHeader[]
  /** Tells the build of the model's layer and the model. */
  readonly namesModel: boolean
  /** The model alone. */
  readonly namesServedModel?: true
  /** It stands behind no front end: where the limits stand is not told. */
  readonly isDirect?: true
  /** Where the limits stand is not told of what it answers. */
  readonly tellsNoLimits?: true
  /** Where the limits stand is told as it was before the call. */
  readonly tellsLimitsBefore?: true
  /** What it refuses it tells by itself, not as a layer of the model's. */
  readonly refusesItself?: true
  /** `x-ms-deployment-name`. */
  readonly namesDeployment: boolean
  /** Of an error, the build alone. */
  readonly namesSessionOfErrors: boolean
  /** `x-request-id`, the id of the model's layer. */
  readonly hasRequestId: boolean
  /** `x-ms-rai-invoked`, on answers and on errors. */
  readonly tellsFilter: 'always' | 'on errors' | 'never'
  /** Gives back the client's own id, or drops it. A client that sends none is `named` by the request's own id on some. */
  readonly clientId: 'repeated' | 'named' | 'dropped'
  /** As it was last recorded with older api-versions: what came by date is not told from what came by version. */
  readonly before?: { readonly isOf: (version: string) => boolean; readonly row: BackEnd }
  /** As it is below a project. */
  readonly inProject?: BackEnd
}

/** What of a request decides between the rows of one service. */
type Asked = {
  readonly apiVersion: string
  readonly match: { readonly isWithin?: boolean; readonly surface: string }
}

export function asAsked(row: BackEnd, asked: Asked | undefined): BackEnd {
  const { before, inProject } = row
  if (inProject && (asked?.match.isWithin || asked?.match.surface === 'project')) return inProject
  return before && asked && before.isOf(asked.apiVersion) ? before.row : row
}
