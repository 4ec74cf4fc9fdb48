/**
 * How an error is written: which of what it says, in which order, with which spaces between. A part of the service has
 * a layout of its own for what it refuses; they are the service's to the byte where they were recorded.
 */
import { compact, type Layout, laidOut, pretty, prettyLine } from '../base/layout.ts'

/** What an error says, whoever writes it. */
export type ErrorFields = {
  readonly code: string | number | null
  readonly message: string
  readonly type?: string | null | undefined
  readonly param?: string | null | undefined
  /** What stands beside these: what the filter found, and the like. */
  readonly inner?: Readonly<Record<string, unknown>> | undefined
}

/** What is known where an error is written. */
export type Wording = {
  readonly requestId: string
  /** Of the back end that says no. */
  readonly backEnd: Layout
}

type Write = (error: ErrorFields, wording: Wording) => string

const gateway = ({ code, message, inner }: ErrorFields) => ({ error: { code, message, ...inner } })

const model = ({ message, type = null, param = null, code, inner }: ErrorFields) => ({
  error: { message, type, param, code, ...inner },
})

const modelAs =
  (layout: Layout): Write =>
  (error) =>
    laidOut(model(error), layout)

const project = ({ code, message, param, type }: ErrorFields, { requestId }: Pick<Wording, 'requestId'>) => ({
  error: { code, message, param, type, details: [], additionalInfo: { request_id: requestId } },
})

const layouts = {
  /** Of the gateway's. */
  gateway: (error) => JSON.stringify(gateway(error)),
  /** In the same shape, as the back end that sends it lays out what it refuses. */
  gatewayLike: (error, { backEnd }) => laidOut(gateway(error), backEnd),
  /** With a space where the gateway's policies have one. */
  policy: ({ code, message }) => `{"error":{"code":${JSON.stringify(code)},"message": ${JSON.stringify(message)}}}`,
  /** Of what finds a deployment. */
  deployment: ({ type, code, message }) => laidOut({ error: { type, code, message } }, pretty),
  /** Of what says no before it knows of what. */
  bare: ({ message }) => laidOut({ error: { message } }, pretty),
  /** Of a project's service, which left nothing out at first. */
  project: (error, wording) => JSON.stringify(project(error, wording)),
  datedProject: ({ code, message, type, param = null }, wording) =>
    JSON.stringify(project({ code, message, param, type }, wording)),
  datedProjectResponse: ({ code, message }, { requestId }) =>
    JSON.stringify({ error: { code, message, details: [], additional_info: { request_id: requestId } } }),
  timeout: ({ code, message }) =>
    `{ "error": { "code": ${JSON.stringify(code)}, "message": ${JSON.stringify(message)} } }`,
  /** Of what judges tokens. */
  token: ({ code, message }) => `{ "statusCode": ${JSON.stringify(code)}, "message": ${JSON.stringify(message)} }`,
  /** As the back end that sends it lays out what its model refuses. */
  model: (error, { backEnd }) => laidOut(model(error), backEnd),
  modelCompact: modelAs(compact),
  modelPretty: modelAs(pretty),
  modelPrettyLine: modelAs(prettyLine),
  /** Of what looks things up in the client's own data. */
  ownData: ({ code, message }, { requestId }) => JSON.stringify({ error: { requestid: requestId, code, message } }),
  picture: ({ code, message, type = null, param = null, inner }) =>
    JSON.stringify({ error: { code, message, type, param, ...inner } }),
  /** Of a picture that was drawn already. */
  drawnPicture: ({ code, message, inner: { created, ...inner } = {} }) =>
    JSON.stringify({ created, error: { code, message, ...inner } }),
} satisfies Readonly<Record<string, Write>>

export type ErrorLayout = keyof typeof layouts

export const writeError = (error: ErrorFields & { readonly layout: ErrorLayout }, wording: Wording): string =>
  layouts[error.layout](error, wording)
