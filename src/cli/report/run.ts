/** A run as it is kept in a file: what the control API says of it, for each resource that was asked. */
import { readFileSync } from 'node:fs'
import type { CapacityReport, RunReport, Verdict } from '../../sim/index.ts'
import { askControl, type Place } from '../control-api.ts'

export type ResourceRun = {
  readonly report: RunReport
  readonly verdict: Verdict
  readonly capacity: CapacityReport
}

export type Run = {
  readonly format: typeof format
  readonly address: string
  readonly resources: readonly ResourceRun[]
}

const format = 'aoai-sim run 1'

/** Of one resource where one is named, else of all that were asked anything, or the first where none was. */
export async function askRun(place: Place): Promise<Run> {
  const origin = URL.parse(place.url)?.origin ?? place.url
  const names = place.resource === undefined ? await namesAt(place) : [place.resource]
  const all: ResourceRun[] = []
  for (const resource of names) {
    const answer = <T>(path: string) =>
      askControl({ ...place, resource }, path).then((said) => said.json() as Promise<T>)
    const report = await answer<RunReport>('report')
    if (report.rows.length === 0 && (all.length > 0 || resource !== names.at(-1))) continue
    all.push({ report, verdict: await answer<Verdict>('verdict'), capacity: await answer<CapacityReport>('capacity') })
  }
  return { format, address: origin, resources: all }
}

/** A resource's own key opens that one alone, and an address of a resource speaks of it. */
async function namesAt(place: Place): Promise<readonly (string | undefined)[]> {
  if (/\/resources\/[^/]+\/*$/.test(place.url)) return [undefined]
  const answer = await askControl(place, 'resources')
  const { resources } = (await answer.json()) as { readonly resources: readonly { readonly name: string }[] }
  return resources.map(({ name }) => (name === 'default' ? undefined : name))
}

/** Throws a line for a person. */
export function readRun(file: string): Run {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Error(`${file} cannot be read.`)
  }
  const run = parsed(text)
  if (run?.format !== format) throw new Error(`${file} is no run that \`aoai-sim report --json\` wrote.`)
  return run
}

function parsed(text: string): Run | undefined {
  try {
    return JSON.parse(text) as Run
  } catch {
    return undefined
  }
}
