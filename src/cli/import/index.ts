/** `aoai-sim import`: files of other tools as what the simulator reads; what a file is, its content says. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { AzureReader } from './azure.ts'
import { azureYaml } from './azure-yaml.ts'

export function addImport(program: Command, terminal: Terminal): void {
  program
    .command('import <files...>')
    .description(
      "print resources for sim.yaml from what Azure's management plane prints: az cognitiveservices account list, account " +
        'deployment list, usage list (-o json), or an ARM template',
    )
    .allowExcessArguments(false)
    .action((files: readonly string[]) => {
      const azure = new AzureReader()
      for (const file of files) {
        const text = readFileSync(resolve(terminal.cwd ?? '', file), 'utf8').replace(/^\uFEFF/, '')
        if (!azure.read(parsed(text, file)))
          throw new Error(`${file}: has no account, deployment, quota, policy or model of Azure in it`)
      }
      for (const line of azureYaml(azure.found())) terminal.out(line)
    })
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
