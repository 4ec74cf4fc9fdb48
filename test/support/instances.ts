/** The built command in several processes with the same settings, as it runs when it is scaled out. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

const command = path.join(import.meta.dirname, '../../dist/cli/main.js')

export type Instances = {
  readonly urls: readonly string[]
  /** Ends them in order; the exit code of each. */
  readonly stop: () => Promise<readonly (number | null)[]>
}

/** `settings` are those of a sim.yaml; `env` is added to this process' own. */
export async function startInstances(
  count: number,
  settings: string,
  env: Readonly<Record<string, string>>,
): Promise<Instances> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aoai-sim-instances-'))
  const config = path.join(folder, 'sim.yaml')
  await writeFile(config, settings)
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [command, 'start', '--port', '0', '--config', config], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  const urls = await Promise.all(children.map(urlOf))
  return {
    urls,
    stop: async () => {
      const ends = children.map((child) => new Promise<number | null>((resolve) => child.once('exit', resolve)))
      for (const child of children) child.kill('SIGTERM')
      const codes = await Promise.all(ends)
      await rm(folder, { recursive: true })
      return codes
    },
  }
}

function urlOf(child: ChildProcess): Promise<string> {
  const complaints: string[] = []
  if (!child.stdout || !child.stderr) throw new Error('It has no output')
  createInterface(child.stderr).on('line', (line) => complaints.push(line))
  const printed = createInterface(child.stdout)
  return new Promise((resolve, reject) => {
    printed.on('line', (line) => {
      const found = /Endpoint: +(\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(complaints.join('\n'))))
  })
}
