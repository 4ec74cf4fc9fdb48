/** `npm start` from a shell: whichever process is told to stop, no server is left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
let started: ChildProcess | undefined

afterEach(() => {
  // The group is gone by then, unless the test failed.
  if (started?.pid !== undefined && started.exitCode === null && started.signalCode === null)
    process.kill(-started.pid, 'SIGKILL')
})

/** In a group of its own, as a shell starts a job. */
async function start(command: string, args: readonly string[]) {
  const env = { ...process.env, SIMULATOR_API_KEY: 'k', PORT: '0' }
  const child = spawn(command, args, { cwd: root, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  started = child
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /Endpoint: +(\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`It ended: ${said}`)))
  })
  return { child, url, said: () => said }
}

/** Resolves when nothing listens there any more; the test's own time-out ends a wait in vain. */
async function gone(url: string): Promise<void> {
  while (
    await fetch(url).then(
      () => true,
      () => false,
    )
  )
    await new Promise((resolve) => setTimeout(resolve, 50))
}

const runner = [process.execPath, ['scripts/run.mjs', 'start']] as const
const npm = ['npm', ['start']] as const

describe.skipIf(process.platform === 'win32')('npm start', { timeout: 60_000 }, () => {
  it.each([
    ['npm', npm, 'SIGTERM', 1],
    ['npm', npm, 'SIGINT', 1],
    ['the group of npm', npm, 'SIGINT', -1],
    ['the group of npm', npm, 'SIGKILL', -1],
    ['the runner', runner, 'SIGTERM', 1],
    ['the runner', runner, 'SIGKILL', 1],
  ] as const)('leaves no server where %s is told by %s%s', async (_, [command, args], signal, sign) => {
    const { child, url } = await start(command, args)
    expect((await fetch(url)).status).toBe(200)
    process.kill(sign * child.pid!, signal)
    await gone(url)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })

  it('finishes what runs at the first Ctrl-C, says so, and ends at the second', async () => {
    const { child, url, said } = await start(...runner)
    const address = `${url}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'x' }], max_tokens: 4000, stream: true })
    const headers = { 'api-key': 'k', 'content-type': 'application/json' }
    const answer = await fetch(address, { method: 'POST', headers, body })
    const rest = answer.text().then(
      () => 'whole',
      () => 'cut',
    )
    process.kill(child.pid!, 'SIGINT')
    while (!said().includes('Finishing 1 request; Ctrl+C again stops now.'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 350))
    const ended = once(child, 'exit')
    process.kill(child.pid!, 'SIGINT')
    expect([await rest, (await ended)[0]]).toEqual(['cut', 130])
  })
})
