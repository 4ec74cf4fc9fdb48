/** What it costs to measure requests and to remember the last of them, as is usual, beside neither. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cases, settingsYaml } from './cases.ts'
import type { Load, Server } from './processes.ts'
import { measureThroughput, type Rounds } from './throughput.ts'

export type TelemetryOptions = {
  readonly load: Load
  readonly rounds: Rounds
  /** Where the settings of the one without are written. */
  readonly folder: string
  readonly startOurs: (config?: string) => Promise<Server>
}

const targetRatio = 0.9

export async function measureTelemetry({ load, rounds, folder, startOurs }: TelemetryOptions): Promise<void> {
  const withBoth = await startOurs()
  const config = join(folder, 'without-telemetry.yaml')
  await writeFile(config, `${settingsYaml}telemetry: { metrics: false }\njournal: { size: 0 }\n`)
  const without = await startOurs(config)
  for (const subject of cases.filter(({ title }) => / one prompt$/.test(title) && !title.includes('no limit'))) {
    const names = { ours: 'with', bare: 'without', title: `${subject.title}: metrics and journal` }
    await measureThroughput({ ...subject, targetRatio }, { ours: withBoth, bare: without, load }, rounds, names)
  }
  await Promise.all([withBoth.stop(), without.stop()])
}
