/** Answers of the real service, each kept for replay. */
import type { Mode } from './mode.ts'
import type { Relay } from './relay.ts'

/** What a call costs is charged when its answer has told it: before that, only the request itself counts. */
export const recordMode = (relay: Relay): Mode => ({ lookUp: (call) => call, plan: relay })
