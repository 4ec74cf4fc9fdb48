/** `aoai-sim`: its commands, and what a command's end means to the shell. */
import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { loadEnvironment } from '../host/environment.ts'
import { missingPackage } from '../host/optional-parts.ts'
import { addCalibrate } from './calibrate/index.ts'
import { addCapacity } from './capacity.ts'
import { addCheck } from './check.ts'
import { addImport } from './import/index.ts'
import { recordingsCommand } from './recordings.ts'
import { addStart, type Serve } from './start.ts'
import { addReport } from './report/index.ts'
import type { Terminal } from './terminal.ts'
import { addVerdict } from './verdict.ts'
import { addWatch } from './watch.ts'

/** The package finds itself by its name, from its source, as it is built and in the image. */
function versionOfPackage(): string {
  const own: unknown = createRequire(import.meta.url)('aoai-simulated-api/package.json')
  return (own as { readonly version: string }).version
}

/** `args` come after the command's name. Resolves to the exit code: 0, or 1 after what was wrong has been told. */
export async function runCli(args: readonly string[], terminal: Terminal, serve: Serve): Promise<number> {
  const program = new Command('aoai-sim')
    .description('A simulator of the Azure OpenAI HTTP API.')
    .version(versionOfPackage(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
    })
    .showHelpAfterError('Run with --help to see what is allowed.')
  addStart(program, terminal, serve)
  addCheck(program, terminal)
  addImport(program, terminal)
  addCapacity(program, terminal)
  addCalibrate(program, terminal)
  const { cwd, env } = terminal
  const environment = loadEnvironment({ ...(cwd && { cwd }), ...(env && { env }) })
  const keyOf = () => environment.SIMULATOR_API_KEY
  addVerdict(program, terminal, keyOf)
  addReport(program, terminal, keyOf)
  addWatch(program, terminal, keyOf)
  recordingsCommand(program, terminal, environment)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has told its own already, and throws for `--help` too.
    if (error instanceof CommanderError) return error.exitCode
    const missing = missingPackage(error)
    const reason = error instanceof Error ? error.message : String(error)
    terminal.error(missing === undefined ? reason : `This needs the package ${missing}: npm install ${missing}`)
    return 1
  }
}
