/** `aoai-sim start`: the embedded host, until the process is asked to stop. */
import { InvalidArgumentError, type Command } from 'commander'
import { type Flags as SettingFlags, loadConfig, type Loaded, portVariable } from '../host/environment.ts'
import { mismatch, shown } from '../sim/index.ts'
import { type Certificate, givenCertificate, madeCertificate } from '../host/certificate.ts'
import { greeting } from './greeting.ts'
import type { Terminal } from './terminal.ts'

export type ListenAddress = { readonly port: number; readonly host: string; readonly tls?: Certificate }

/** Makes the simulator and serves it; handed in, so that what is printed can be tested without a server. */
export type Serve = (
  loaded: Loaded,
  address: ListenAddress,
  cwd?: string,
) => Promise<{
  readonly url: string
  readonly signInCode?: string
  readonly openRequests: () => number
  /** What the run came to. */
  readonly summary?: () => readonly string[]
  readonly stop: () => Promise<void>
}>

type Flags = SettingFlags & {
  readonly port?: number
  readonly host: string
  readonly tls?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
}

export function addStart(program: Command, terminal: Terminal, serve: Serve): void {
  program
    .command('start')
    .description('serve the simulated API until stopped')
    .option('--port <number>', 'port to listen on; 0 for any free one (default: PORT, or 8000)', toPort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls', 'serve https with a self-signed certificate, made at the start')
    .option('--tls-cert <file>', 'serve https with this certificate, in PEM')
    .option('--tls-key <file>', 'its key, in PEM')
    .option('--mode <mode>', 'generate, record or replay')
    .option('--config <file>', 'path of a sim.yaml')
    .option('--key <key>', 'the key that clients must send (default: SIMULATOR_API_KEY, or one drawn at random)')
    .option('--seed <number>', 'with a seed, the same request gets the same answer')
    .option('--no-latency', 'answer without simulated latency')
    .allowExcessArguments(false)
    .action(async (flags: Flags) => {
      const tls = await certificateOf(flags, terminal.cwd ?? '')
      await start({ ...addressOf(flags, terminal.env), ...(tls && { tls }) }, flags, terminal, serve)
    })
}

async function start(
  address: ListenAddress & { readonly portFrom?: string },
  { mode, config, key, seed, latency }: Flags,
  terminal: Terminal,
  serve: Serve,
): Promise<void> {
  const { cwd, env } = terminal
  const loaded = loadConfig({
    host: 'embedded',
    flags: { mode, config, key, seed, latency },
    ...(cwd && { cwd }),
    ...(env && { env }),
  })
  for (const warning of loaded.warnings) terminal.error(`Warning: ${warning}`)
  const stopped = terminal.stopped()
  const running = await serve(loaded, address, cwd)
  const { url, signInCode } = running
  const place = { ...address, url, cwd: cwd ?? '', ...(signInCode !== undefined && { signInCode }) }
  for (const line of await greeting(loaded, place)) terminal.out(line)
  await stopped
  const open = running.openRequests()
  if (open > 0) terminal.error(`Finishing ${open === 1 ? '1 request' : `${open} requests`}; Ctrl+C again stops now.`)
  await running.stop()
  for (const line of running.summary?.() ?? []) terminal.out(line)
}

function certificateOf(
  { tls, tlsCert, tlsKey, host }: Flags,
  cwd: string,
): Promise<Certificate> | Certificate | undefined {
  if (tlsCert !== undefined && tlsKey !== undefined) return givenCertificate(tlsCert, tlsKey, cwd)
  if (tlsCert !== undefined || tlsKey !== undefined) throw new Error('--tls-cert and --tls-key go together.')
  return tls ? madeCertificate(host) : undefined
}

/** `PORT` is how Aspire, Cloud Run, Heroku and others tell a program where to listen. */
function addressOf({ port, host }: Flags, env: Terminal['env']): ListenAddress & { readonly portFrom?: string } {
  const said = port === undefined ? portVariable(env) : undefined
  if (said === undefined) return { port: port ?? 8000, host }
  const read = portOf(said)
  if (read === undefined) throw new Error(`PORT: ${mismatch(shown(said), portForm)}`)
  return { port: read, host, portFrom: 'PORT' }
}

const portForm = 'a whole number from 0 to 65535'

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  return port <= 65_535 ? port : undefined
}

function toPort(text: string): number {
  const port = portOf(text)
  if (port === undefined) throw new InvalidArgumentError(`Allowed: ${portForm}.`)
  return port
}
