/** `aoai-sim check`: what the simulator would run with, and why. */
import type { Command } from 'commander'
import { loadConfig } from '../host/environment.ts'
import { requireParts } from '../host/optional-parts.ts'
import { loadExtension } from '../host/extension.ts'
import { createSimulator, derivedLimits, describeSettings } from '../sim/index.ts'
import type { Terminal } from './terminal.ts'

export function addCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('print the configuration and where each value came from, or all that is wrong with it')
    .option('--mode <mode>', 'generate, record or replay')
    .option('--config <file>', 'path of a sim.yaml')
    .allowExcessArguments(false)
    .action(async ({ mode, config }: { mode?: string; config?: string }) => {
      const { cwd, env } = terminal
      const loaded = loadConfig({ host: 'embedded', flags: { mode, config }, ...(cwd && { cwd }), ...(env && { env }) })
      await requireParts(loaded.config, loaded.settingAt)
      // What only the whole is wrong about: an extension that does not fit, nothing to forward to.
      const extension = await loadExtension(loaded.config.extensionPath, {
        cwd,
        setting: loaded.settingAt('extensionPath'),
      })
      await createSimulator({ sources: loaded.inputs, extension }).close()
      for (const warning of loaded.warnings) terminal.error(`Warning: ${warning}`)
      for (const line of describeSettings(loaded, derivedLimits(loaded.config))) terminal.out(line)
    })
}
