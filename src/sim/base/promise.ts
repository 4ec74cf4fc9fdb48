/**
 * Whether a value is still to come. Most of what may be late is there at once, and then nothing should wait for it:
 * each `await` costs as much as a small step of the pipeline.
 */
export const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => value instanceof Promise
