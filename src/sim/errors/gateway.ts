/** What a resource's gateway says no to, whatever the operation. */
import { gatewayError } from '../errors.ts'

/**
 * More headers of a client's own than are passed through. The status and the bound are documented (Microsoft's page of
 * quotas); the body is a guess.
 */
export const tooManyHeaders = (max: number, found: number) =>
  gatewayError(
    431,
    '431',
    `Request Header Fields Too Large. At most ${max} custom headers are allowed, whereas the request has ${found}.`,
  )
