/** `aoai-sim start`: the embedded host, until the process is asked to stop. */
import { InvalidArgumentError, type Command } from 'commander'
import { loadConfig, type Loaded } from '../host/environment.ts'
import { greeting } from './greeting.ts'
import type { Terminal } from './terminal.ts'

export type Address = { readonly port: number; readonly host: string }

/** Makes the simulator and serves it; handed in, so that what is printed can be tested without a server. */
export type Serve = (
  loaded: Loaded,
  address: Address,
  cwd?: string,
) => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>

type Flags = Address & { readonly mode?: string; readonly config?: string }

export function addStart(program: Command, terminal: Terminal, serve: Serve): void {
  program
    .command('start')
    .description('serve the simulated API until stopped')
    .option('--port <number>', 'port to listen on; 0 takes any free one', toPort, 8000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--mode <mode>', 'generate, record or replay')
    .option('--config <file>', 'a sim.yaml')
    .allowExcessArguments(false)
    .action(({ port, host, mode, config }: Flags) => start({ port, host }, { mode, config }, terminal, serve))
}

async function start(
  address: Address,
  flags: { readonly mode: string | undefined; readonly config: string | undefined },
  terminal: Terminal,
  serve: Serve,
): Promise<void> {
  const { cwd, env } = terminal
  const loaded = loadConfig({ host: 'embedded', flags, ...(cwd && { cwd }), ...(env && { env }) })
  for (const warning of loaded.warnings) terminal.error(`Warning: ${warning}`)
  const stopped = terminal.stopped()
  const running = await serve(loaded, address, cwd)
  for (const line of greeting(loaded, running.url)) terminal.out(line)
  await stopped
  await running.stop()
}

function toPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('Allowed: a whole number from 0 to 65535.')
}
