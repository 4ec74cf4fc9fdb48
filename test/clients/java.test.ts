/** Official and public clients in Java. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNodeHost, type NodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { isImageMissing, isJavaMissing, runJava, withImage, withJava } from '../support/other-clients.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
let host: NodeHost

describe.skipIf(isJavaMissing)(withJava('clients in Java'), () => {
  beforeAll(async () => {
    host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
  })
  afterAll(() => host.stop())

  it('azure-ai-openai, Semantic Kernel and openai-java get all that they ask for', { timeout: 600_000 }, async () => {
    const said = await runJava('Clients', { AZURE_OPENAI_ENDPOINT: host.url, AZURE_OPENAI_API_KEY: 'test-key' })
    expect(said.match(/^PASS /gm)).toHaveLength(4)
    expect(simulator.errors).toEqual([])
  })

  it('the example of a test passes', { timeout: 600_000 }, async () => {
    expect(await runJava('ThrottledTwice')).toContain('PASS')
  })

  it.skipIf(isImageMissing)(
    withImage('the example of a test in a container passes'),
    { timeout: 600_000 },
    async () => {
      expect(await runJava('ThrottledTwiceInContainer')).toContain('PASS')
    },
  )
})
