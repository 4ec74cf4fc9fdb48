/** `sim.yaml`: a text as what it says, or what is wrong with it. */
import { loadAll, YAMLException } from 'js-yaml'
import { mismatch, type Problem } from './problem.ts'
import type { ConfigSource } from './read-source.ts'
import { reasonOf } from '../base/reason.ts'

export type ParsedYaml = { readonly source: ConfigSource } | { readonly problem: Problem }

/** `name` is the file's, as messages have it. */
export function parseSettingsYaml(name: string, text: string): ParsedYaml {
  const problem = (setting: string, message: string) => ({ problem: { path: [], setting, message } })
  try {
    const documents = loadAll(text.startsWith('\uFEFF') ? text.slice(1) : text)
    if (documents.length > 1) return problem(name, mismatch(`${documents.length} documents`, 'one document'))
    return { source: { name, input: documents[0], isFile: true } }
  } catch (error) {
    const line = error instanceof YAMLException && error.mark ? `, line ${error.mark.line + 1}` : ''
    const reason = error instanceof YAMLException ? error.reason : reasonOf(error)
    return problem(`${name}${line}`, `not valid YAML: ${reason}`)
  }
}
