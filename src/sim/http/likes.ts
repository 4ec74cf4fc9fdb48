/** Headers that are copied from those of another answer like it. */
import type { Deployment } from '../types.ts'

/**
 * To copy an object and put values in its places takes a fraction of the time that it takes to make it grow by a name at
 * a time. Of each deployment the forms of its last operation under the present settings are kept: most have one operation
 * alone. `of` gives what is to be copied, made where there was none like it; `kind` and `shape` say what is alike.
 */
export class Likes<Form> {
  readonly #kept = new WeakMap<Deployment, Kept<Form>>()

  of(deployment: Deployment, { operation, config, kind, shape }: Alike, make: () => Form): Form {
    let kept = this.#kept.get(deployment)
    if (kept?.operation !== operation || kept.config !== config)
      this.#kept.set(deployment, (kept = { operation, config, byKind: new Map() }))
    let byShape = kept.byKind.get(kind)
    if (!byShape) kept.byKind.set(kind, (byShape = []))
    return (byShape[shape] ??= make())
  }
}

type Alike = {
  readonly operation: object
  readonly config: object
  readonly kind: object
  /** A small number. */
  readonly shape: number
}

type Kept<Form> = {
  readonly operation: object
  readonly config: object
  readonly byKind: Map<object, Form[]>
}

/** `shape` with one bit more, so that answers to which all questions are answered alike are alike. */
export const shapedBy = (shape: number, isSo: boolean): number => shape * 2 + (isSo ? 1 : 0)
