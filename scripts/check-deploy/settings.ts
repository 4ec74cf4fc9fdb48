/** Compares the app settings in Bicep with the variables that the app reads. */
import { closest } from 'fastest-levenshtein'
import { variables } from '../../src/sim/config/variables.ts'
import type { BicepFile, Value } from './bicep.ts'
import type { Problem } from './problem.ts'
import { valueAt } from './rules.ts'

/** Read by the libraries that sign in, by the Functions host, or by the exporter of telemetry. */
const ofOthers = [
  'AZURE_CLIENT_ID',
  'AZURE_TOKEN_CREDENTIALS',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'languageWorkers__node__arguments',
]

const firstLineOf = (value: Value) => (value.kind === 'object' ? value.members[0]?.line : undefined)

const known = [...variables.map(({ name }) => name), ...ofOthers]

export function checkAppSettings(files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  const problems: Problem[] = []
  const look = (file: string, settings: Value | undefined) => {
    if (settings?.kind !== 'object') return
    for (const { name, line } of settings.members)
      if (!known.includes(name)) {
        problems.push({ file, line, message: `the app reads no ${name}; the nearest is ${closest(name, known)}` })
      }
  }
  for (const { name, modules, resources } of files.values()) {
    // One variable is passed to several modules: check it once.
    const given = modules.map(({ body }) => valueAt(body, ['params', 'settings']))
    for (const settings of new Map(given.map((one) => [one && firstLineOf(one), one])).values()) look(name, settings)
    for (const { body, type, line } of resources) {
      if (type !== 'Microsoft.Web/sites/config') continue
      const settings = valueAt(body, ['properties'])
      look(name, settings)
      const isReference = /^\s*SIMULATOR_API_KEY: '@Microsoft\.KeyVault\(SecretUri=\$\{\w+\}\)'$/m
      if (!isReference.test(files.get(name)?.root.text ?? ''))
        problems.push({ file: name, line, message: 'SIMULATOR_API_KEY must be a reference to the key vault' })
    }
  }
  return problems
}
