/** A simulator on the embedded host, which logs to standard error. */
import { consoleLog } from '../host/log.ts'
import { startNodeHost } from '../host/node.ts'
import { createSimulator } from '../sim/index.ts'
import type { Serve } from './start.ts'

export const serve: Serve = ({ inputs }, { port, host }) => {
  const log = consoleLog(() => simulator.config().logLevel)
  const simulator = createSimulator({ sources: inputs, log })
  return startNodeHost(simulator, { port, host, server: simulator.config().server }).then((running) => ({
    ...running,
    async stop() {
      await running.stop()
      await simulator.close()
    },
  }))
}
