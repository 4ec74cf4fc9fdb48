/** What a project has beside its responses and agents: deployments and connections (recorded March 2026; types of azure-ai-projects). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const project = '/api/projects/mine'
const at = (path: string, query = '') => `${project}${path}?api-version=v1${query}`
type Simulator = ReturnType<typeof testSimulator>
const got = async (simulator: Simulator, path: string, method = 'GET') => {
  const response = await simulator.request(path, { method })
  return { status: response.status, body: await response.json() }
}
describe("a project's deployments", () => {
  const deployments = {
    mine: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 30 },
    words: { model: 'text-embedding-3-small' },
    claude: { model: 'claude-sonnet-4-5' },
  }

  it('are told with their models', async () => {
    const simulator = testSimulator({ deployments })
    const mine = {
      name: 'mine',
      type: 'ModelDeployment',
      modelName: 'gpt-4.1',
      modelVersion: '2025-04-14',
      modelPublisher: 'OpenAI',
      capabilities: { chat_completion: 'true' },
      sku: { name: 'GlobalStandard', capacity: 30 },
    }
    type Value = { readonly value: readonly { readonly name: string }[] }
    const body = (await got(simulator, at('/deployments'))).body as Value
    expect(body.value).toMatchObject([
      mine,
      { name: 'words', capabilities: { embeddings: 'true' } },
      { modelPublisher: 'Anthropic' },
    ])
    const names = async (query: string) =>
      ((await got(simulator, at('/deployments', query))).body as Value).value.map(({ name }) => name)
    expect(await names('&modelPublisher=Anthropic')).toEqual(['claude'])
    expect(await names('&modelName=gpt-4.1&deploymentType=ModelDeployment')).toEqual(['mine'])
    expect((await got(simulator, at('/deployments/mine'))).body).toMatchObject(mine)
    expect(await got(simulator, at('/deployments/none'))).toEqual({
      status: 404,
      body: { error: { code: 'NotFound', message: 'Deployment not found' } },
    })
  })

  it('are for who has a token, and there are no connections', async () => {
    const simulator = testSimulator({ deployments, auth: { acceptAnyToken: true } })
    const by = async (authorization: string) =>
      (await simulator.fetch(`http://sim.test${at('/deployments')}`, { headers: { authorization } })).status
    expect(await by('Bearer any')).toBe(200)
    expect(await by('Basic any')).toBe(401)
    expect((await got(simulator, at('/connections'))).body).toEqual({ value: [] })
    expect((await got(simulator, at('/connections/none'))).status).toBe(404)
  })
})
