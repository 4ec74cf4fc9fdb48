/** A simulator on the embedded host, which logs to standard error. */
import { randomBytes } from 'node:crypto'
import { loadExtension } from '../host/extension.ts'
import { watchLoop } from '../host/loop-delay.ts'
import { consoleLog } from '../host/log.ts'
import { requireParts } from '../host/optional-parts.ts'
import { startNodeHost } from '../host/node.ts'
import { createSimulator } from '../sim/index.ts'
import { RunSummary } from './run-summary.ts'
import type { Serve } from './start.ts'

export const serve: Serve = async ({ inputs, config, settingAt }, { port, host, tls }, cwd) => {
  await requireParts(config, settingAt)
  const extension = await loadExtension(config.extensionPath, { cwd, setting: settingAt('extensionPath') })
  // What is said while the simulator is made is said by what it is made of.
  let configNow = () => config
  const log = consoleLog(() => configNow().logLevel)
  const signInCode = randomBytes(16).toString('base64url')
  const summary = new RunSummary()
  const onObservation = summary.observe.bind(summary)
  const loopDelay = watchLoop()
  const simulator = createSimulator({ sources: inputs, log, extension, signInCode, loopDelay, onObservation })
  configNow = simulator.config
  const running = await startNodeHost(simulator, { port, host, tls, server: simulator.config().server })
  return {
    ...running,
    signInCode,
    summary: () => summary.lines(),
    async stop() {
      await running.stop()
      await simulator.close()
    },
  }
}
