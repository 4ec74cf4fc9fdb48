/** An iterator that is itself most of its items: the one trick that makes long streams cheap, in one place. */

/**
 * Iterates without an object an item: `advance` goes on to the next one and gives it, which may be the iterator itself,
 * whose members then say what that item is. So an item is over as soon as the next one is asked for. Thousands of streams
 * at once each have hundreds of events; what they need not make, nobody need clear away.
 */
export abstract class OwnItems<Item> implements IterableIterator<Item, undefined> {
  /** The next item; `undefined` behind the last. */
  protected abstract advance(): Item | undefined

  /** What is to be done when the rest is not asked for. */
  protected close(): void {
    // Most have nothing to let go of.
  }

  next(): IteratorResult<Item, undefined> {
    const item = this.advance()
    return item === undefined ? { done: true, value: undefined } : { done: false, value: item }
  }

  return(): IteratorResult<Item, undefined> {
    this.close()
    return { done: true, value: undefined }
  }

  [Symbol.iterator](): this {
    return this
  }
}
