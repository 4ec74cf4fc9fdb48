/** Recorded exchanges with the service, where they are there: other people's data, which the project does not hold. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { testSimulator } from './simulator.ts'

export const samplesFolder = path.join(import.meta.dirname, '../../../shared/samples')

export type Sample = {
  readonly name: string
  readonly method: string
  readonly url: string
  readonly reqbody: string
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The recorded exchanges whose file's name `pattern` fits; none where the folder is not there. */
export function samplesLike(pattern: RegExp): readonly Sample[] {
  if (!existsSync(samplesFolder)) return []
  return readdirSync(samplesFolder)
    .filter((file) => file.endsWith('.json') && pattern.test(file))
    .map((file) => ({
      ...(JSON.parse(readFileSync(path.join(samplesFolder, file), 'utf8')) as Sample),
      name: file.replace(/\.json$/, ''),
    }))
}

/** The deployment that a recorded request names, in its path. */
export const deploymentOf = ({ url }: Sample) => /\/deployments\/([^/]+)/.exec(url)?.[1]

/** The model that a recorded answer names, whole or in its first chunk that names one. */
export const modelOf = ({ body }: Sample) => /"model": ?"([^"]+)"/.exec(body)?.[1]

/** Asks a simulator what was asked of the service. */
export async function askAgain(simulator: ReturnType<typeof testSimulator>, sample: Sample, headers = {}) {
  const { pathname, search } = new URL(sample.url)
  const answer = await simulator.request(pathname + search, {
    method: sample.method,
    body: sample.reqbody,
    headers: { 'content-type': 'application/json', ...headers },
  })
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
}
