/** `aoai-sim import` and `aoai-sim capacity`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { createSimulator, parseSettingsYaml } from '../../src/sim/index.ts'
import { runCommand } from '../support/command.ts'
import { testSimulator } from '../support/simulator.ts'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'import-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

const run = (...args: string[]) => runCommand(args, cwd)

/** What the settings say that come of documents. */
async function imported(...documents: unknown[]) {
  const files = documents.map((document, at) => {
    writeFileSync(join(cwd, `${at}.json`), JSON.stringify(document))
    return `${at}.json`
  })
  const { code, out: text, errors } = await run('import', ...files)
  expect(errors).toBe('')
  expect(code).toBe(0)
  const yaml = parseSettingsYaml('sim.yaml', text)
  if (!('source' in yaml)) throw new Error(yaml.problem.message)
  return { text, settings: yaml.source.input as Record<string, never>, source: yaml.source }
}

const id = (name: string) =>
  `/subscriptions/0/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso/deployments/${name}`
const deployment = (name: string, model: string, sku: object, more: object = {}) => ({
  id: id(name),
  name,
  sku,
  type: 'Microsoft.CognitiveServices/accounts/deployments',
  properties: { model: { format: 'OpenAI', name: model.split('@')[0], version: model.split('@')[1] ?? null }, ...more },
})
const account = {
  name: 'contoso',
  kind: 'AIServices',
  location: 'SwedenCentral',
  type: 'Microsoft.CognitiveServices/accounts',
  properties: { endpoint: 'https://contoso.cognitiveservices.azure.com/', customSubDomainName: null },
}

describe('importing from Azure', () => {
  it('writes accounts with their deployments, whether the list is bare or not', async () => {
    const list = [
      deployment('chat', 'gpt-4.1@2025-04-14', { name: 'GlobalStandard', capacity: 50, tier: null }),
      deployment(
        'ptu',
        'gpt-4.1@2025-04-14',
        { name: 'GlobalProvisionedManaged', capacity: 45 },
        {
          spilloverDeploymentName: 'chat',
          raiPolicyName: 'Microsoft.DefaultV2',
        },
      ),
      deployment(
        'embed',
        'text-embedding-3-small',
        { name: 'DataZoneStandard', capacity: 120 },
        { spilloverDeploymentName: null },
      ),
    ]
    const { settings, text, source } = await imported([account], { value: list })
    expect(settings).toEqual({
      resources: {
        contoso: {
          region: 'Sweden Central',
          azure: { resourceKind: 'AIServices' },
          hosts: ['contoso.cognitiveservices.azure.com'],
          deployments: {
            chat: { model: 'gpt-4.1@2025-04-14', sku: 'GlobalStandard', capacity: 50 },
            ptu: {
              model: 'gpt-4.1@2025-04-14',
              sku: 'GlobalProvisionedManaged',
              capacity: 45,
              spilloverDeploymentName: 'chat',
            },
            embed: { model: 'text-embedding-3-small', sku: 'DataZoneStandard', capacity: 120 },
          },
        },
      },
    })
    expect(text).toContain('ptu: # content filter Microsoft.DefaultV2')
    await createSimulator({ sources: [{ name: 'test', input: { apiKey: 'k' } }, source] }).close()
  })

  it('tells unknown models with the nearest, and what is fine-tuned or paused', async () => {
    const { text, settings } = await imported([
      deployment('a', 'gpt-9.9-turbo@1', { name: 'Standard', capacity: 1 }),
      deployment('b', 'gpt-4.1-mini.ft-1234@1', { name: 'DeveloperTier', capacity: 5 }, { deploymentState: 'Paused' }),
      deployment('c', 'gpt-4o@1999-01-01', { name: 'Dedicated', capacity: 5 }),
    ])
    expect(text).toMatch(/not in the catalogue; the nearest names are gpt-/)
    expect(text).toMatch(/is fine-tuned: gpt-4.1-mini.ft-1234/)
    expect(text).toMatch(/is paused in Azure/)
    expect(text).toMatch(/version 1999-01-01 is not in the catalogue/)
    expect(settings).toMatchObject({
      resources: { contoso: { deployments: { b: { model: 'gpt-4.1-mini' }, c: { model: 'gpt-4o' } } } },
    })
  })

  it('tells what Azure did not make, and reads a capacity that is a text', async () => {
    const { text, settings, source } = await imported([
      deployment('a', 'gpt-4o', { name: 'GlobalStandard', capacity: '10' }),
      deployment('b', 'gpt-4o', { name: 'GlobalStandard', capacity: 0 }),
      deployment('c', 'gpt-4o', { name: 'GlobalStandard', capacity: 5 }, { provisioningState: 'Failed' }),
    ])
    expect(text).toMatch(/has the capacity 0, which answers nothing in Azure/)
    expect(text).toMatch(/is Failed in Azure, and answers here/)
    expect(settings).toMatchObject({ resources: { contoso: { deployments: { a: { capacity: 10 } } } } })
    await createSimulator({ sources: [{ name: 'test', input: { apiKey: 'k' } }, source] }).close()
  })

  it('works templates out: loops, nested ones, variables and the older scale settings', async () => {
    const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'
    const inner = {
      $schema: schema,
      contentVersion: '1.0.0.0',
      languageVersion: '2.0',
      parameters: { models: { type: 'array' }, place: { type: 'string' } },
      variables: { account: "[format('cog-{0}', toLower('ABC'))]" },
      resources: {
        account: {
          type: 'Microsoft.CognitiveServices/accounts',
          name: "[variables('account')]",
          location: "[parameters('place')]",
          kind: 'OpenAI',
          properties: {},
        },
        each: {
          copy: { name: 'each', count: "[length(parameters('models'))]" },
          type: 'Microsoft.CognitiveServices/accounts/deployments',
          name: "[format('{0}/{1}', variables('account'), parameters('models')[copyIndex()].name)]",
          sku: "[parameters('models')[copyIndex()].sku]",
          properties: { model: "[parameters('models')[copyIndex()].model]" },
        },
        old: {
          type: 'Microsoft.CognitiveServices/accounts/deployments',
          name: "[concat(variables('account'), '/old')]",
          properties: { model: { name: 'gpt-35-turbo' }, scaleSettings: { scaleType: 'Standard', capacity: 7 } },
        },
      },
    }
    const models = [{ name: 'chat', model: { name: 'gpt-4.1' }, sku: { name: 'GlobalStandard', capacity: 20 } }]
    const { settings } = await imported({
      $schema: schema,
      contentVersion: '1.0.0.0',
      parameters: { models: { defaultValue: models } },
      resources: [
        {
          type: 'Microsoft.Resources/deployments',
          name: 'inner',
          properties: {
            template: inner,
            parameters: { models: { value: "[parameters('models')]" }, place: { value: 'eastus2' } },
          },
        },
      ],
    })
    expect(settings).toEqual({
      resources: {
        'cog-abc': {
          region: 'East US 2',
          azure: { resourceKind: 'OpenAI' },
          deployments: {
            chat: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 20 },
            old: { model: 'gpt-35-turbo', sku: 'Standard', capacity: 7 },
          },
        },
      },
    })
  })

  it('takes over quotas, and the filter where all policies let answers through at once', async () => {
    const usages = [
      {
        name: { value: 'OpenAI.GlobalStandard.gpt4.1', localizedValue: 'x' },
        currentValue: 40,
        limit: 60,
        unit: 'Count',
      },
      { name: { value: 'AccountCount' }, currentValue: 1, limit: 3 },
    ]
    const policies = [{ name: 'fast', properties: { mode: 'Asynchronous_filter', contentFilters: [] } }]
    const chat = deployment('chat', 'gpt-4.1', { name: 'GlobalStandard', capacity: 50 }, { raiPolicyName: 'fast' })
    const { settings } = await imported([account], [chat], usages, { value: policies })
    expect(settings).toMatchObject({
      resources: { contoso: { contentFilter: { mode: 'asynchronous' } } },
      quota: { 'Sweden Central': { 'OpenAI.GlobalStandard.gpt4.1': 60 } },
    })
  })

  it('reads keys of one account, and lists of models in both forms', async () => {
    const { settings } = await imported([account], { key1: 'first-key', key2: 'second-key' })
    expect(settings).toMatchObject({ resources: { contoso: { apiKeys: ['first-key', 'second-key'] } } })
    const skus = [{ name: 'Standard', ratelimits: [] }]
    const models = [
      { kind: 'OpenAI', model: { format: 'OpenAI', name: 'gpt-4o', skus: [] } },
      { format: 'OpenAI', name: 'gpt-99', skus },
    ]
    expect((await imported({ value: models })).text).toBe('# not in the catalogue of models: gpt-99')
  })

  it('refuses what is none of it', async () => {
    writeFileSync(join(cwd, 'a.json'), '{"a":1}')
    writeFileSync(join(cwd, 'b.json'), '{')
    expect((await run('import', 'a.json')).errors).toContain('a.json: has no account')
    expect((await run('import', 'b.json')).errors).toContain('b.json: not valid JSON')
    expect((await run('import', 'none.json')).code).toBe(1)
  })
})

describe('quota', () => {
  const deployments = (capacity: number) => ({
    one: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 50 },
    two: { model: 'gpt-4.1@2025-04-14', sku: 'GlobalStandard', capacity },
  })
  const quota = { eastus2: { 'OpenAI.GlobalStandard.gpt4.1': 60 } }

  it('is not exceeded by deployments together, in the words of Azure', () => {
    expect(() => testSimulator({ quota, deployments: deployments(11) })).toThrow(
      /deployments.two.capacity: InsufficientQuota: This operation require 11 new capacity .* available capacity 10\. The current quota usage is 50 and the quota limit is 60/,
    )
    testSimulator({ quota, deployments: deployments(10) })
    testSimulator({ quota, azure: { region: 'Japan East' }, deployments: deployments(500) })
  })

  it('counts resources of the region, and refuses a change', async () => {
    const resources = {
      first: { deployments: deployments(10) },
      other: { region: 'Japan East', deployments: deployments(100) },
    }
    const simulator = testSimulator({ quota, resources })
    const deployed = {
      resources: { first: { deployments: { three: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 1 } } } },
    }
    expect(() => testSimulator({ quota, resources: { ...resources, third: deployed.resources.first } })).toThrow(
      /InsufficientQuota/,
    )
    const change = { deployments: { more: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 1 } } }
    const answer = await simulator.request('/++/settings', { method: 'PATCH', body: JSON.stringify(change) })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('InsufficientQuota')
  })
})

describe('quota of other makers', () => {
  it('is counted under its own name', () => {
    const quota = { '*': { 'AIServices.GlobalStandard.DeepSeek-R1': 60, 'AIServices.GlobalProvisionedManaged': 1 } }
    const start = (capacity: number) => () =>
      testSimulator({
        quota,
        deployments: {
          one: { model: 'DeepSeek-R1', sku: 'GlobalStandard', capacity },
          ptu: { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity: 15 },
        },
      })
    start(60)()
    expect(start(61)).toThrow(
      /InsufficientQuota: This operation require 61 .* quota AIServices.GlobalStandard.DeepSeek-R1/,
    )
  })
})

describe('aoai-sim capacity', () => {
  it('prints what a running simulator would have needed', async () => {
    const simulator = testSimulator({ deployments: { chat: { model: 'gpt-4.1' } } })
    await simulator
      .azure()
      .chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 })
    const server = await startNodeHost(simulator, {
      host: '127.0.0.1',
      port: 0,
      server: simulator.config().server,
    })
    try {
      const { out: text, errors, code } = await run('capacity', '--url', server.url, '--key', 'test-key')
      expect(errors).toBe('')
      expect(code).toBe(0)
      expect(text).toMatch(/^chat \(gpt-4.1-2025-04-14\): 1 requests, tokens in \d+ \(cached 0\), out 9/)
      expect(text).toMatch(
        /GlobalProvisionedManaged:\n {4}15 PTU for the peak minute: .* \/ 3000 = 0\.\d\d, from 15 in steps of 5/,
      )
      expect((await run('capacity', '--url', server.url, '--key', 'wrong')).errors).toContain('answered 401')
    } finally {
      await server.stop()
    }
  })
})
