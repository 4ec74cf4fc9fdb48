import type { AnyCall } from '../operation.ts'
import type { Mode } from './mode.ts'

export type OwnFirst = {
  readonly generate: Mode
  /** Whether the extension has that path forwarded. */
  readonly isForwarded: (path: string) => boolean
}

/**
 * What is the simulator's own, and no service's, is answered by it in every mode: what an extension serves by itself,
 * and what needs no key (the service would be asked with the key of the service).
 */
export function ownFirst(mode: Mode, { generate, isForwarded }: OwnFirst): Mode {
  const { lookUp } = mode
  const isOwn = ({ match: { surface, operation }, wire }: AnyCall) =>
    operation.isOpen === true || (surface === 'own' && !isForwarded(wire.target.path))
  return {
    ...(lookUp && { lookUp: (call, config) => (isOwn(call) ? undefined : lookUp(call, config)) }),
    plan: (call, config) => (isOwn(call) ? generate : mode).plan(call, config),
  }
}
