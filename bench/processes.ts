/** Starts the servers and the load generator, each on its own core if possible. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { Job, Outcome } from './load.ts'

export type Pinning = { readonly server: string; readonly load: string } | undefined

/** The first two cores that this process may use; `undefined` with only one core, or without `taskset`. */
export function findPinning(): Pinning {
  const result = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' })
  if (result.status !== 0) return undefined
  const list = /list: (.*)/.exec(result.stdout)?.[1]?.trim() ?? ''
  const cores = list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: Math.min(2, last! - first! + 1) }, (_, at) => String(first! + at))
  })
  return cores.length < 2 ? undefined : { server: cores[0]!, load: cores[1]! }
}

export type Server = {
  readonly port: number
  readonly pid: number
  /** Where it tells of its processor time: `processorMicros`. */
  readonly processorPort: number
  readonly stop: () => Promise<void>
}

type Start = {
  readonly args: readonly string[]
  readonly core: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
}

/** Resolves once the process has printed the address it listens on, as `Endpoint: http://…:port`. */
export async function startServer({ args, core, env, cwd }: Start): Promise<Server> {
  const child = spawn(...commandOf(['--import', processorTime, ...args], core), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, BENCH_PROCESSOR_TIME: 'on' },
    cwd,
  })
  const ended = endOf(child)
  const found: { port?: number; processorPort?: number } = {}
  const { port, processorPort } = await new Promise<Required<typeof found>>((resolve, reject) => {
    void ended.then(() => reject(new Error(`${args.join(' ')} ended before it listened`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, number] = /^\W*(Endpoint|Processor time):.*?(\d+)\/?$/.exec(line) ?? []
      if (name === undefined) return
      found[name === 'Endpoint' ? 'port' : 'processorPort'] = Number(number)
      const { port, processorPort } = found
      if (port !== undefined && processorPort !== undefined) resolve({ port, processorPort })
    })
  })
  return { port, processorPort, pid: child.pid!, stop: () => end(child, ended) }
}

const processorTime = pathToFileURL(join(import.meta.dirname, 'processor-time.ts')).href

export type Load = { readonly run: (job: Job) => Promise<Outcome>; readonly stop: () => Promise<void> }

export function startLoad(file: string, core: string | undefined): Load {
  const child = spawn(...commandOf([file], core), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = endOf(child)
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error('The load generator ended early'))
        child.once('exit', onExit)
        child.once('message', (message: { outcome?: Outcome; error?: string }) => {
          child.off('exit', onExit)
          if (message.outcome) resolve(message.outcome)
          else reject(new Error(message.error))
        })
        child.send(job)
      }),
    stop: () => end(child, ended),
  }
}

function commandOf(args: readonly string[], core: string | undefined): [command: string, args: string[]] {
  // `taskset` becomes the process that it starts, so that its id is the server's.
  return core === undefined ? [process.execPath, [...args]] : ['taskset', ['-c', core, process.execPath, ...args]]
}

const endOf = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()))

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM')
  await ended
}
