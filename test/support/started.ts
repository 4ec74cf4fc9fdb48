/** Each simulator that a test made and `no-errors.ts` has not watched yet. A file of its own, as most unit tests need no simulator. */
export const startedSimulators: { unread(): readonly string[] }[] = []
