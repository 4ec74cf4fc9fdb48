/**
 * The one simulator of a Functions worker's process, made after the host has set the environment. Where the
 * configuration is wrong it answers all the same: a worker without a function looks healthy from outside, as the host
 * then has a page of its own for `/` and an empty 404 for all else.
 */
import { ConfigError, createSimulator, type Simulator } from '../sim/index.ts'
import { loadConfig, type LoadOptions, withoutSecretValues } from './environment.ts'
import { loadExtension } from './extension.ts'
import { watchLoop } from './loop-delay.ts'
import { consoleLog } from './log.ts'
import { refusal, type Served } from './served.ts'

export type InWorker = Served & Pick<Simulator, 'close'>

type Surroundings = Pick<LoadOptions, 'env' | 'cwd'>

/** Never rejects: what is wrong goes to standard error and into every answer, with its secrets masked. */
export async function startInWorker(surroundings: Surroundings = {}): Promise<InWorker> {
  try {
    return await start(surroundings)
  } catch (error) {
    const reason = withoutSecretValues(error instanceof Error ? error.message : String(error), surroundings.env)
    console.error(`aoai-simulated-api cannot start:\n${reason}`)
    const told = error instanceof ConfigError ? `, as its configuration is wrong:\n${reason}` : `: ${reason}`
    const answer = refusal(503, `The simulator cannot start${told}`)
    return { handle: () => Promise.resolve(answer), close: () => Promise.resolve() }
  }
}

async function start({ env, cwd }: Surroundings): Promise<Simulator> {
  const { config, inputs, warnings, settingAt } = loadConfig({
    host: 'functions',
    ...(env && { env }),
    ...(cwd && { cwd }),
  })
  let level = () => config.logLevel
  const log = consoleLog(() => level())
  for (const warning of warnings) log.warn(warning)
  const started = createSimulator({
    sources: inputs,
    log,
    loopDelay: watchLoop(),
    extension: await loadExtension(config.extensionPath, { cwd, setting: settingAt('extensionPath') }),
  })
  level = () => started.config().logLevel
  return started
}
