/**
 * Checks of a deployment that need neither Azure nor a network, and that Bicep's compiler and linter do not make: roles, open
 * enumerations, settings, parameters, secrets, and references between files. CI runs the compiler and the linter for the rest:
 * syntax, names, types, versions, required properties, unused names, and secrets in outputs.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { checkAzureYaml, packageFolders } from './azure-yaml.ts'
import { bicepParser, readBicep } from './bicep.ts'
import { checkDocuments } from './documents.ts'
import { checkOpenEnums } from './open-enums.ts'
import { checkPackage } from './package-files.ts'
import { checkParameters } from './parameters.ts'
import type { Problem } from './problem.ts'
import { checkRules } from './rules.ts'
import { checkAppSettings } from './settings.ts'
import { checkSecrets } from './secrets.ts'

const mainFile = 'bicep/main.bicep'

/** `packageFolder` is where the package really is, when it is not where `azure.yaml` says. */
export async function checkDeployment(root: string, packageFolder?: string): Promise<readonly Problem[]> {
  const parser = await bicepParser()
  const names = readdirSync(path.join(root, 'bicep'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bicep'))
    .map((name) => path.posix.join('bicep', name.split(path.sep).join('/')))
    .sort()
  const files = new Map(names.map((name) => [name, readBicep(parser, root, name)]))
  const broken = [...files.values()].filter(({ root: top }) => top.hasError)
  const syntax = broken.map(({ name: file }) => ({ file, message: 'does not parse: bicep build says where' }))
  const documents = checkDocuments(root)
  // Further checks of a broken file would mislead.
  if (syntax.length > 0 || documents.length > 0) return [...syntax, ...documents]

  const main = files.get(mainFile)
  return [
    ...[...files.values()].flatMap((file) => [...checkOpenEnums(file), ...checkRules(file)]),
    ...checkSecrets(files),
    ...(main ? checkParameters(root, main) : [{ file: mainFile, message: 'is missing' }]),
    ...checkAppSettings(files),
    ...checkAzureYaml(root, files),
    ...packageFolders(root).flatMap((folder) => checkPackage(folder, packageFolder ?? path.join(root, folder))),
  ]
}
