import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import OpenAI, { AzureOpenAI } from 'openai'
import { describe, expect, it, vi } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { serve } from '../../src/cli/serve.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { ConfigError } from '../../src/sim/index.ts'
import { testSimulator } from '../support/simulator.ts'

const two = {
  seed: 7,
  deployments: { shared: { model: 'gpt-4o' } },
  resources: {
    'contoso-eastus': {
      region: 'East US',
      apiKeys: ['east-one', 'east-two'],
      hosts: ['contoso-eastus.openai.azure.com'],
      allowUndefinedDeployments: false,
      deployments: { 'gpt-4o': { model: 'gpt-4o' }, limited: { model: 'gpt-4o', requestsPerMinute: 6 } },
    },
    'contoso-westus': {
      region: 'West US',
      apiKeys: ['west-one'],
      deployments: { 'gpt-4o': { model: 'gpt-4o' }, limited: { model: 'gpt-4o', requestsPerMinute: 6 } },
    },
  },
}

const messages = [{ role: 'user' as const, content: 'Hello' }]

function world(input: Record<string, unknown> = two) {
  const simulator = testSimulator(input)
  const { fetch } = simulator
  const azure = (endpoint: string, apiKey: string) =>
    new AzureOpenAI({ endpoint, apiKey, apiVersion: '2024-10-21', fetch, maxRetries: 0 })
  const v1 = (endpoint: string, apiKey: string) =>
    new OpenAI({ baseURL: `${endpoint}/openai/v1`, apiKey, fetch, maxRetries: 0 })
  const regionOf = async (client: OpenAI, model = 'gpt-4o') => {
    const { response } = await client.chat.completions.create({ model, messages }).withResponse()
    return response.headers.get('x-ms-region')
  }
  const control = async (path: string, init: RequestInit = {}, key = 'test-key') => {
    const answer = await fetch(`http://sim.test${path}`, { ...init, headers: { 'api-key': key } })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { ...simulator, azure, v1, regionOf, control }
}

const statusOf = (work: Promise<unknown>) =>
  work.then(
    () => 200,
    (error: unknown) => (error as { status: number }).status,
  )

const east = 'http://sim.test/resources/contoso-eastus'
const west = 'http://sim.test/resources/contoso-westus'

describe('several resources in one process', () => {
  it('are found by path, by host and by key, and else the default answers', async () => {
    const { azure, v1, regionOf } = world()
    expect(await regionOf(azure(east, 'east-one'))).toBe('East US')
    expect(await regionOf(v1(east, 'east-two'))).toBe('East US')
    expect(await regionOf(azure('https://contoso-eastus.openai.azure.com', 'east-one'))).toBe('East US')
    expect(await regionOf(azure('http://contoso-westus.localhost:8000', 'west-one'))).toBe('West US')
    expect(await regionOf(azure('http://sim.test', 'west-one'))).toBe('West US')
    expect(await regionOf(v1('http://sim.test', 'east-two'))).toBe('East US')
    expect(await regionOf(azure('http://sim.test', 'test-key'))).toBe('East US 2')
    expect(await regionOf(azure('http://sim.test/resources/default', 'test-key'))).toBe('East US 2')
  })

  it("refuse another's key as the service does, and a resource that is not there by its name", async () => {
    const { azure, regionOf, fetch } = world()
    expect(await statusOf(regionOf(azure(east, 'west-one')))).toBe(401)
    expect(await statusOf(regionOf(azure(east, 'test-key')))).toBe(401)
    expect(await statusOf(regionOf(azure('https://contoso-eastus.openai.azure.com', 'west-one')))).toBe(401)
    const answer = await fetch('http://sim.test/resources/nobody/openai/v1/models', {
      headers: { 'api-key': 'test-key' },
    })
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'ResourceNotFound' } }])
  })

  it('take over what the top level says, and have the rest to themselves', async () => {
    const { azure, regionOf } = world()
    expect(await regionOf(azure(east, 'east-one'), 'shared')).toBe('East US')
    expect(await statusOf(regionOf(azure(east, 'east-one'), 'gpt-4.1'))).toBe(404)
    expect(await regionOf(azure(west, 'west-one'), 'gpt-4.1')).toBe('West US')
  })

  it('count their limits apart', async () => {
    const { azure, regionOf } = world()
    const ask = (endpoint: string, key: string) => statusOf(regionOf(azure(endpoint, key), 'limited'))
    expect([await ask(east, 'east-one'), await ask(east, 'east-two')]).toEqual([200, 429])
    expect([await ask(west, 'west-one'), await ask(west, 'west-one')]).toEqual([200, 429])
  })

  it('do not know what another has made', async () => {
    const { v1 } = world()
    const [one, other] = [v1(east, 'east-one'), v1(west, 'west-one')]
    const made = await one.responses.create({ model: 'gpt-4o', input: 'Hello' })
    expect((await one.responses.retrieve(made.id)).id).toBe(made.id)
    expect(await statusOf(other.responses.retrieve(made.id))).toBe(404)
    expect(await statusOf(v1('http://sim.test', 'test-key').responses.retrieve(made.id))).toBe(404)
    const file = await one.files.create({ file: new File(['{}'], 'a.jsonl'), purpose: 'batch' })
    expect(await statusOf(other.files.retrieve(file.id))).toBe(404)
    expect((await one.files.retrieve(file.id)).id).toBe(file.id)
  })

  it('lead back to themselves where an answer has a link', async () => {
    const { azure, fetch } = world({ ...two, deployments: { painter: { model: 'dall-e-3' } } })
    const { data = [] } = await azure(west, 'west-one').images.generate({ model: 'painter', prompt: 'A cat' })
    expect(data[0]?.url).toMatch(`${west}/private/images/`)
    const picture = await fetch(data[0]?.url ?? '')
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  })

  it('have two keys, of which one can be drawn anew while the other stays', async () => {
    const { azure, regionOf, control } = world()
    const before = await control('/++/resources/contoso-eastus/list-keys', { method: 'POST' })
    expect(before.body).toEqual({ key1: 'east-one', key2: 'east-two' })
    const body = JSON.stringify({ keyName: 'Key1' })
    const { status, body: told } = await control('/++/resources/contoso-eastus/regenerate-key', {
      method: 'POST',
      body,
    })
    const fresh = String(told['key1'])
    expect([status, told]).toEqual([200, { keyName: 'Key1', value: fresh, key1: fresh, key2: 'east-two' }])
    expect(fresh).not.toBe('east-one')
    expect(await statusOf(regionOf(azure(east, 'east-one')))).toBe(401)
    expect(await regionOf(azure(east, fresh))).toBe('East US')
    expect(await statusOf(regionOf(azure(east, 'east-two')))).toBe(200)
    // By key alone, too.
    expect(await statusOf(regionOf(azure('http://sim.test', 'east-one')))).toBe(401)
    expect(await statusOf(regionOf(azure('http://sim.test', fresh)))).toBe(200)
    const wrong = await control('/++/resources/contoso-eastus/regenerate-key', {
      method: 'POST',
      body: '{"keyName":"key3"}',
    })
    expect([wrong.status, wrong.body]).toMatchObject([400, { error: { code: 'InvalidKeyName' } }])
  })

  it('rotates the keys of the default, too', async () => {
    const { azure, regionOf, control } = world()
    const second = await control('/++/resources/default/regenerate-key', { method: 'POST', body: '{"keyName":"Key2"}' })
    expect(await regionOf(azure('http://sim.test', String(second.body['key2'])))).toBe('East US 2')
    await control('/++/resources/default/regenerate-key', { method: 'POST', body: '{"keyName":"Key1"}' })
    expect(await statusOf(regionOf(azure('http://sim.test', 'test-key')))).toBe(401)
    expect((await control('/++/resources')).status).toBe(401)
    expect((await control('/++/resources', {}, String(second.body['key2']))).status).toBe(200)
  })

  it('are listed, with where they are', async () => {
    const { control } = world()
    const { body } = await control('/++/resources')
    expect(body).toEqual({
      resources: [
        { name: 'default', endpoint: 'http://sim.test', region: 'East US 2', hosts: [], deployments: ['shared'] },
        {
          name: 'contoso-eastus',
          endpoint: east,
          region: 'East US',
          hosts: ['contoso-eastus.openai.azure.com'],
          deployments: ['shared', 'gpt-4o', 'limited'],
        },
        {
          name: 'contoso-westus',
          endpoint: west,
          region: 'West US',
          hosts: [],
          deployments: ['shared', 'gpt-4o', 'limited'],
        },
      ],
    })
    expect(await control('/++/resources/contoso-westus')).toMatchObject({ status: 200, body: { region: 'West US' } })
    expect((await control('/++/resources/nobody')).status).toBe(404)
    expect((await control('/++/resources', { method: 'DELETE' })).status).toBe(405)
    expect((await control('/resources/contoso-westus/++/resources', {}, 'west-one')).status).toBe(404)
  })

  it('have a control API each, below their address with their key, and by name with that of the process', async () => {
    const { control, azure, regionOf } = world()
    await regionOf(azure(west, 'west-one'))
    const entries = async (path: string, key?: string) => (await control(path, {}, key)).body['requests']
    expect(await entries('/resources/contoso-westus/++/requests', 'west-one')).toHaveLength(1)
    expect(await entries('/++/requests?resource=contoso-westus')).toHaveLength(1)
    expect(await entries('/++/requests')).toHaveLength(0)
    expect(await entries('/resources/contoso-eastus/++/requests', 'east-one')).toHaveLength(0)
    expect((await control('/resources/contoso-eastus/++/requests', {}, 'west-one')).status).toBe(401)
    expect((await control('/++/requests', {}, 'west-one')).status).toBe(401)
    expect((await control('/++/requests?resource=nobody')).status).toBe(404)
    expect((await control('/++/requests?resource=nobody', {}, 'wrong')).status).toBe(401)
  })

  it('can be changed each by itself, and follow the top level in what they do not say', async () => {
    const { control, azure, regionOf } = world()
    const patch = (path: string, part: unknown, key?: string) =>
      control(path, { method: 'PATCH', body: JSON.stringify(part) }, key)
    const first = await patch(
      '/resources/contoso-westus/++/settings',
      { azure: { region: 'North Europe' } },
      'west-one',
    )
    expect(first.status).toBe(200)
    expect(await regionOf(azure(west, 'west-one'))).toBe('North Europe')
    expect(await regionOf(azure(east, 'east-one'))).toBe('East US')
    await patch('/++/settings', { deployments: { later: { model: 'gpt-4o' } }, azure: { region: 'France Central' } })
    expect(await regionOf(azure(east, 'east-two'), 'later')).toBe('East US')
    expect(await regionOf(azure(west, 'west-one'), 'later')).toBe('North Europe')
    expect(await regionOf(azure('http://sim.test', 'test-key'))).toBe('France Central')
    expect((await control('/++/settings?resource=contoso-westus', { method: 'DELETE' })).status).toBe(200)
    expect(await regionOf(azure(west, 'west-one'), 'later')).toBe('West US')
  })

  it('tell of every mistake in what is said of them, in the names of the file', () => {
    const input = {
      apiKey: 'k',
      resources: {
        x: {},
        Default: {},
        'contoso-eastus': {
          apiKeys: ['same', 'with space'],
          hosts: 'contoso.openai.azure.com',
          deployment: {},
          redis: { url: 'redis://x' },
          deployments: { a: { model: 'gpt-4oo' }, b: { requestsPerMinute: 5 } },
        },
        first: { apiKeys: ['same'], region: 7 },
        second: { apiKeys: ['same'] },
      },
    }
    const failed = () => createSimulator({ sources: [{ name: 'sim.yaml', input }] })
    expect(failed).toThrow(ConfigError)
    let problems: readonly string[] = []
    try {
      failed()
    } catch (error) {
      problems = (error as ConfigError).problems.map(({ setting, message }) => `${setting}: ${message}`)
    }
    expect(problems.join('\n')).not.toContain('with space')
    for (const part of [
      /^sim.yaml: resources.x: /,
      /^sim.yaml: resources.Default: /,
      /^sim.yaml: resources.contoso-eastus.apiKeys: /,
      /^sim.yaml: resources.contoso-eastus.hosts: /,
      /^sim.yaml: resources.contoso-eastus.deployment: .*deployments/,
      /^sim.yaml: resources.contoso-eastus.redis: concerns the whole process/,
      /^sim.yaml: resources.contoso-eastus.deployments.a.model: .*gpt-4o/,
      /^sim.yaml: resources.contoso-eastus.deployments.b.model: /,
      /^sim.yaml: resources.first.region: /,
      /^sim.yaml: resources.second.apiKeys: .*first/,
    ])
      expect(problems).toContainEqual(expect.stringMatching(part))
    expect(problems).toHaveLength(10)
  })

  it('start from the command line with keys that are drawn for them, which are told', async () => {
    const cwd = mkdtempSync(path.join(tmpdir(), 'resources-'))
    writeFileSync(path.join(cwd, 'sim.yaml'), 'apiKey: key\nresources: { east: {}, west: {} }\n')
    const out: string[] = []
    const errors: string[] = []
    const told = vi.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line))
    const terminal = {
      out: (line: string) => void out.push(line),
      error: (line: string) => void errors.push(line),
      cwd,
      env: {},
      stopped: () => Promise.resolve(),
    }
    const code = await runCli(['start', '--port', '0', '--config', 'sim.yaml'], terminal, serve)
    told.mockRestore()
    rmSync(cwd, { recursive: true })
    expect(code, errors.join('\n')).toBe(0)
    for (const name of ['east', 'west'])
      expect(errors.join('\n')).toMatch(new RegExp(`The resource ${name} has the keys [0-9a-f]{32} and [0-9a-f]{32}`))
    expect(out.join('\n')).toContain('Endpoint: ')
  })
})
