/** What a model writes to end its answer: tokens that nobody sees, and that its usage counts. */
import { byName } from '../models/by-name.ts'
import type { Model } from '../types.ts'

type Ends = { readonly plain: number; readonly afterThought: number }

/**
 * The usage that was recorded beside whole texts, less their tokens: one in all of some thirty of gpt-4o, gpt-4.1 and their
 * small ones (February 2025 to May 2026; older ones none); four in six of gpt-5.2, gpt-5.4 and gpt-5.6 that did not
 * think (June and July 2026), six in four of gpt-5-mini and gpt-5.5 that did (November 2025 to July 2026). Of others it is
 * not known apart from their thoughts.
 */
const recorded: readonly (readonly [models: RegExp, ends: Ends])[] = [
  [/^gpt-4(?:o|\.1)(?:-mini|-nano)?$/, { plain: 1, afterThought: 1 }],
  [/^gpt-5\.[2-6](?:-(?:mini|nano|sol))?$/, { plain: 4, afterThought: 6 }],
  [/^gpt-5-mini$/, { plain: 0, afterThought: 6 }],
]

const none: Ends = { plain: 0, afterThought: 0 }
const endsOf = byName((name) => recorded.find(([models]) => models.test(name))?.[1] ?? none)

/** Of an answer that comes to its own end. */
export const endTokens = (model: Model, hasThought: boolean): number =>
  hasThought ? endsOf(model).afterThought : endsOf(model).plain
