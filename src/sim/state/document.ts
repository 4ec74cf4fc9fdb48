/** What instances share, as documents and as sources of settings. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { startOnlyPaths } from '../config/declared.ts'
import { ConfigError, mismatch, type Problem } from '../config/problem.ts'
import type { ConfigSource } from '../config/read-source.ts'
import { type Tree, valueAt } from '../config/tree.ts'
import { parseSettingsYaml } from '../config/yaml.ts'

/** All that was changed at run time, as one patch of the settings at the start; each change has the next number. */
export type Changes = { readonly number: number; readonly changes: Tree }

export const noChanges: Changes = { number: 0, changes: {} }

const Document = z.strictObject({ number: z.int().min(1), changes: z.record(z.string(), z.unknown()) })

export const stateDocument = ({ number, changes }: Changes): Uint8Array =>
  Buffer.from(`${JSON.stringify({ number, changes }, undefined, 2)}\n`)

/** `name` as messages have it. Throws a `ConfigError`. */
export function parseChanges(name: string, bytes: Uint8Array): Changes {
  const allowed = '{ "number": 1, "changes": { … } }, with changes as sim.yaml is structured'
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw new ConfigError([{ path: [], setting: name, message: mismatch('no JSON', allowed) }])
  }
  const { success, data } = Document.safeParse(value)
  if (!success) throw new ConfigError([{ path: [], setting: name, message: mismatch('another document', allowed) }])
  refuseAtStart(name, data.changes)
  return data
}

export type SharedFile = {
  readonly source: ConfigSource
  /** The first eight digits of the SHA-256 of the file. */
  readonly hash: string
}

/** Throws a `ConfigError`. */
export function parseSharedFile(name: string, bytes: Uint8Array): SharedFile {
  const parsed = parseSettingsYaml(name, Buffer.from(bytes).toString('utf8'))
  if ('problem' in parsed) throw new ConfigError([parsed.problem])
  const { source } = parsed
  refuseAtStart(name, source.input)
  return { source, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 8) }
}

/** What would be taken without effect is refused. */
function refuseAtStart(name: string, input: unknown): void {
  const message = 'is read at the start only: set it where the instances are started, and not in what they share'
  const problems = startOnlyPaths
    .filter((path) => valueAt(input, path) !== undefined)
    .map((path): Problem => ({ path, setting: `${name}: ${path.join('.')}`, message }))
  if (problems.length > 0) throw new ConfigError(problems)
}
