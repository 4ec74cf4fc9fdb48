/** The command as a process: its arguments, its output, its signals and its exit code. Everything it does is in `program.ts`. */
import { runCli } from './program.ts'
import { serve } from './serve.ts'

const stopped = () =>
  new Promise<void>((resolve) => {
    // Once: a second signal ends the process at once, as the shell expects.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    // Whoever started this has gone, and cannot say so any more.
    process.once('disconnect', () => resolve())
    process.channel?.unref()
  })

// Who reads what is printed may leave off (`| head`), which is no mistake of anybody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/** What a command left open ends by itself within this time, or is ended. */
const lingerMs = 1_000

process.exitCode = await runCli(
  process.argv.slice(2),
  { out: (line) => process.stdout.write(`${line}\n`), error: (line) => process.stderr.write(`${line}\n`), stopped },
  serve,
)

// A library may hold a connection to a store that neither answers nor ends it.
setTimeout(() => process.exit(), lingerMs).unref()
