import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNodeHost, type NodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { isPythonMissing, runChecks, withPython } from '../support/python.ts'
import { testSimulator } from '../support/simulator.ts'

const none = '0ms'
const simulator = testSimulator({
  deployments: { limited: { model: 'gpt-4o', requestsPerMinute: 6 } },
  contentFilter: { rules: [{ pattern: 'forbidden', category: 'violence', severity: 'high' }] },
  files: { processTime: none },
  batches: { validateTime: none, runTime: none, finalizeTime: none },
})
let host: NodeHost
/** A project takes tokens alone. */
const withTokens = testSimulator({ auth: { acceptAnyToken: true } })
let projects: NodeHost

/** The variables that the clients read by themselves: an application has these and no other lines of its own. */
const environment = () => ({
  AZURE_OPENAI_ENDPOINT: host.url,
  AZURE_OPENAI_API_KEY: 'test-key',
  OPENAI_API_VERSION: '2024-10-21',
  OPENAI_BASE_URL: `${host.url}/openai/v1`,
  OPENAI_API_KEY: 'test-key',
  AZURE_API_BASE: host.url,
  AZURE_API_KEY: 'test-key',
  AZURE_API_VERSION: '2024-10-21',
  ANTHROPIC_FOUNDRY_BASE_URL: `${host.url}/anthropic`,
  ANTHROPIC_FOUNDRY_API_KEY: 'test-key',
  // LiteLLM would ask the network for the prices of models.
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  AZURE_AI_PROJECT_ENDPOINT: `${projects.url}/api/projects/mine`,
})

describe.skipIf(isPythonMissing)(withPython('clients in Python'), () => {
  beforeAll(async () => {
    host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
    projects = await startNodeHost(withTokens, { port: 0, host: '127.0.0.1', server: serverLimits })
  })
  afterAll(async () => {
    await host.stop()
    await projects.stop()
  })

  it.each([
    ['the openai package, in chat and embeddings', 'test_openai_chat'],
    ['the openai package, in responses', 'test_openai_responses'],
    ['the openai package, in sounds, pictures, files and batches', 'test_openai_media'],
    ['LangChain', 'test_langchain'],
    ['azure-ai-inference', 'test_ai_inference'],
    ['LiteLLM', 'test_litellm'],
    ['the anthropic package', 'test_anthropic'],
    ['the openai package, over WebSockets', 'test_openai_live'],
    ['azure-ai-projects', 'test_ai_projects'],
  ])(
    '%s: gets all that it asks for',
    async (_, script) => {
      const said = await runChecks(script, environment())
      expect(said).toMatch(/^Ran [1-9]\d* tests? in /m)
      expect(said.trimEnd()).toMatch(/\nOK$/)
      expect(simulator.errors).toEqual([])
    },
    120_000,
  )
})
