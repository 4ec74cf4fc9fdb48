/** Why there is no answer of a real service, in its own envelope. Hosts are named, keys and tokens never. */
import { gatewayError } from '../errors.ts'

export const noEndpoint = () =>
  gatewayError(502, 'NoEndpoint', 'There is no service to forward to. Set AZURE_OPENAI_ENDPOINT to its address.')

export const badEndpoint = () =>
  gatewayError(502, 'NoEndpoint', 'AZURE_OPENAI_ENDPOINT must be the address of a service: https://… or http://….')

/** `reason` is a code of the system's, for example `ECONNREFUSED`. */
export const unreachable = (host: string, reason: string) =>
  gatewayError(
    502,
    'ServiceUnreachable',
    `The simulator could not reach ${host} (${reason}). Check AZURE_OPENAI_ENDPOINT, and that this machine may connect to it.`,
  )

export const brokenOff = (host: string, reason: string) =>
  gatewayError(502, 'AnswerBrokenOff', `${host} broke its answer off (${reason}). Send the request again.`)

export const connectTimeout = (host: string, waitedMs: number) =>
  gatewayError(
    504,
    'ServiceTimeout',
    `The simulator could not connect to ${host} within ${waitedMs} ms. Check AZURE_OPENAI_ENDPOINT, and that this machine may connect to it.`,
  )

export const idleTimeout = (host: string, waitedMs: number) =>
  gatewayError(504, 'ServiceTimeout', `${host} sent nothing for ${waitedMs} ms. Check forward.idleTimeout.`)

export const totalTimeout = (host: string, waitedMs: number) =>
  gatewayError(
    504,
    'ServiceTimeout',
    `The answer of ${host} took longer than ${waitedMs} ms. Check forward.totalTimeout.`,
  )

export const notSignedIn = (host: string) =>
  gatewayError(
    502,
    'NotSignedIn',
    `The simulator has no key for ${host}, and got no Entra token. Set AZURE_OPENAI_KEY, or sign in (az login, or a managed identity) with a role that may call the service.`,
  )

/** Nobody reads it: the client has gone. */
export const clientGone = () => gatewayError(499, 'ClientClosedRequest', 'The client closed the request.')
