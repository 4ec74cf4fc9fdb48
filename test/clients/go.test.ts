/** Official and public clients in Go. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNodeHost, type NodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { isGoMissing, isImageMissing, runGo, withGo } from '../support/other-clients.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
let host: NodeHost

describe.skipIf(isGoMissing)(withGo('clients in Go'), () => {
  beforeAll(async () => {
    host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
  })
  afterAll(() => host.stop())

  it(
    'go-openai, azopenai, openai-go and the example of a test get all that they ask for',
    { timeout: 600_000 },
    async () => {
      const said = await runGo({ AZURE_OPENAI_ENDPOINT: host.url, AZURE_OPENAI_API_KEY: 'test-key' })
      expect(said.match(/^--- PASS: /gm)).toHaveLength(isImageMissing ? 7 : 8)
      expect(simulator.errors).toEqual([])
    },
  )
})
