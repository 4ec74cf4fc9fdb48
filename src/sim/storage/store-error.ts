/** A store that is away, slow or not allowed, or a name that it refuses: told to the operator, with nothing secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
