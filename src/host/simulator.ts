/**
 * The one simulator of a Functions worker's process. It is made when this file is loaded, after the host has set the
 * environment; a configuration that is wrong stops the load with a message that names each problem.
 */
import { createSimulator } from '../sim/index.ts'
import { loadConfig } from './environment.ts'
import { loadExtension } from './extension.ts'
import { consoleLog } from './log.ts'

async function start() {
  try {
    const { config, inputs, warnings } = loadConfig({ host: 'functions' })
    let level = () => config.logLevel
    const log = consoleLog(() => level())
    for (const warning of warnings) log.warn(warning)
    const started = createSimulator({ sources: inputs, log, extension: await loadExtension(config.extensionPath) })
    level = () => started.config().logLevel
    return started
  } catch (error) {
    // The Functions host shows a load error's message, not always its cause: say it on its own line too.
    console.error(`aoai-simulated-api cannot start:\n${error instanceof Error ? error.message : String(error)}`)
    throw error
  }
}

export const simulator = await start()
