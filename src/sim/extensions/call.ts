/** A call as an extension sees it. */
import { operationKeyOf } from '../base/operation-key.ts'
import { parseJsonObject } from '../http/body.ts'
import type { AnyCall } from '../operation.ts'
import type { ExtensionCall } from './define.ts'

export function toCall(call: AnyCall): ExtensionCall {
  const { deployment, wire, cost, stream, receivedAtMs } = call
  return {
    operation: operationKeyOf(call),
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
