/** A call as an extension sees it. */
import { parseJsonObject } from '../http/body.ts'
import type { AnyCall } from '../operation.ts'
import type { ExtensionCall } from './define.ts'

/** The key of an operation, for extensions: `chatCompletions` from `/chat/completions`, or the name of one's own. */
export const keyOf = ({ match: { operation, surface } }: Pick<AnyCall, 'match'>): string =>
  surface === 'own' ? operation.name : keyOfPath(operation.path)

export function keyOfPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .map((part, at) => (at === 0 ? part : part.slice(0, 1).toUpperCase() + part.slice(1)))
    .join('')
}

export function toCall(call: AnyCall): ExtensionCall {
  const { deployment, wire, cost, stream, receivedAtMs } = call
  return {
    operation: keyOf(call),
    deployment: deployment?.name,
    model: deployment?.model.name,
    // Whatever the content type says: the service does not ask for one either.
    body: parseJsonObject(wire.bytes),
    headers: { get: (name) => wire.headers.get(name.toLowerCase()) },
    promptTokens: cost.promptTokens,
    stream,
    receivedAtMs,
  }
}
