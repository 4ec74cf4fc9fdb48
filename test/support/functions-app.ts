/** A Functions app in a process of its own: under our stand-in for the worker, or under the one beside the repository. */
import { fork, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

const root = path.resolve(import.meta.dirname, '../..')

export type App = {
  /** Without a slash at its end. */
  readonly url: string
  readonly stop: () => Promise<void>
}

export type WatchedApp = App & {
  /** Which of the app's files were read so far, relative to its folder, and which invocations failed. */
  readonly look: () => Promise<{ readonly read: readonly string[]; readonly failures: readonly string[] }>
}

/** Settings of a simulator that answers at once. */
export const quickSettings = (apiKey: string) => ({
  SIMULATOR_API_KEY: apiKey,
  LATENCY_OPENAI_CHAT_COMPLETIONS_MEAN: '0',
  LATENCY_OPENAI_CHAT_COMPLETIONS_STD_DEV: '0',
})

/** Fails with what the app said if it cannot be loaded. */
export async function startFunctionsApp(folder: string, env: Readonly<Record<string, string>>): Promise<WatchedApp> {
  const child = fork(path.join(import.meta.dirname, 'functions-worker.ts'), [folder], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaints = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const next = () =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve)
      void exited.then(() => reject(new Error(`The app ended: ${complaints}`)))
    })
  const url = (await next()) as string
  return {
    url,
    look: () => {
      const looked = next() as ReturnType<WatchedApp['look']>
      child.send('look')
      return looked
    },
    stop: () => {
      if (child.connected) child.disconnect()
      return exited
    },
  }
}

const minihost = path.resolve(root, '../shared/functions-host/minihost.mjs')

/** Why no app can be run under the stand-in for the Functions host that is kept beside the repository. */
export const whyNoMinihost = existsSync(minihost) ? undefined : 'no stand-in beside the repository'

/** The app in `folder` as the Functions host loads it: its `main`, `host.json` and all. */
export async function startMinihost(folder: string, env: Readonly<Record<string, string>>): Promise<App> {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const options = ['--app', folder, '--port', '0', '--in-process', '--no-local-settings', '--log', 'error']
  const child = spawn(process.execPath, [minihost, ...options, ...variables], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    void exited.then(() => reject(new Error(`The stand-in ended: ${complaints}`)))
  })
  const { url } = JSON.parse(ready) as { url: string }
  return {
    url: url.replace(/\/$/, ''),
    stop: () => {
      child.kill()
      return exited
    },
  }
}
