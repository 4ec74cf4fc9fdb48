import type { SharedCounts } from './shared-counts.ts'

/** As many commands go to one run of the script at most, so that nobody else waits long for the server. */
const maxCommands = 64

type Batch = {
  readonly keys: readonly string[]
  readonly args: string[]
  readonly calls: { readonly resolve: (reply: unknown) => void; readonly reject: (reason: unknown) => void }[]
}

/** Runs one command. Rejects where the run did, or had no answer to it. */
export type RunOne = (keys: readonly string[], command: readonly string[]) => Promise<unknown>

/**
 * What comes for the same keys in one turn goes to the counts in one run, in its order: most of what a run costs is to
 * load and to keep the windows, and under load many requests come at once.
 */
export function inBatches(run: SharedCounts['run']): RunOne {
  let waiting = new Map<string | undefined, Batch>()

  const send = async ({ keys, args, calls }: Batch) => {
    try {
      const replies = await run(keys, args)
      if (!Array.isArray(replies) || replies.length !== calls.length) throw new Error('an answer of another length')
      for (const [index, { resolve }] of calls.entries()) resolve(replies[index])
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }
  const sendAll = () => {
    const batches = waiting
    waiting = new Map()
    for (const batch of batches.values()) void send(batch)
  }

  return (keys, command) =>
    new Promise((resolve, reject) => {
      const key = keys[0]
      let batch = waiting.get(key)
      if (!batch) {
        // Microtasks run in turn, so those of the requests that came with this one come before it.
        if (waiting.size === 0) queueMicrotask(sendAll)
        waiting.set(key, (batch = { keys, args: [], calls: [] }))
      }
      batch.args.push(...command)
      batch.calls.push({ resolve, reject })
      if (batch.calls.length < maxCommands) return
      waiting.delete(key)
      void send(batch)
    })
}
