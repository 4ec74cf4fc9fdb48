/** `aoai-sim import`: files of other tools as what the simulator reads; what a file is, its content says. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { Terminal } from '../terminal.ts'
import { AzureReader } from './azure.ts'
import { azureYaml } from './azure-yaml.ts'
import { importKept, keptIn, type KeptFlags } from './kept.ts'
import { parametersIn, type TemplateParameters } from './template.ts'

export function addImport(program: Command, terminal: Terminal): void {
  program
    .command('import <files...>')
    .description(
      "print resources for sim.yaml from what Azure's management plane prints: az cognitiveservices account list, account " +
        'deployment list, usage list (-o json), what PowerShell makes of them (ConvertTo-Json), or an ARM template with its ' +
        'parameters; or make rules or recordings of what other tools have ' +
        'kept: aimock fixtures, HAR files, lines of JSON that pair requests and answers',
    )
    .addOption(
      new Option('--as <kind>', 'what to make of kept answers (default: recordings for HAR files, else rules)').choices(
        ['rules', 'recordings'],
      ),
    )
    .option('--out <file>', 'file for the rules, for rulesFrom (default: they are printed)')
    .option('--dir <folder>', 'folder for recordings', '.recording')
    .allowExcessArguments(false)
    .action(async (names: readonly string[], flags: KeptFlags) => {
      const files = names.map((file) => ({
        file,
        text: readFileSync(resolve(terminal.cwd ?? '', file), 'utf8').replace(/^\uFEFF/, ''),
      }))
      const kept = keptIn(files)
      if (kept) return importKept(kept, flags, terminal)
      const documents = files.map(({ file, text }) => ({ file, document: parsed(text, file) }))
      const given = documents.map(({ document }) => parametersIn(document))
      const azure = new AzureReader(Object.assign({}, ...given) as TemplateParameters)
      for (const [at, { file, document }] of documents.entries()) {
        if (!given[at] && !azure.read(document))
          throw new Error(
            `${file}: has no account, deployment, quota, policy or model of Azure in it, and no answers that were kept (aimock fixtures, a HAR file, lines of JSON)`,
          )
      }
      for (const line of azureYaml(azure.found())) terminal.out(line)
    })
}

function parsed(text: string, file: string): unknown {
  if (text.trim() === '') throw new Error(`${file}: is empty`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
