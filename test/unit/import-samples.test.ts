/**
 * Every kind of document that Azure's management plane prints, in the forms in which it was recorded or is described
 * (api-versions 2023-05-01 to 2026-09-01): `az … -o json` and raw, both spellings, nulls, absent members. Names are ours.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, parseSettingsYaml } from '../../src/sim/index.ts'
import { runCommand } from '../support/command.ts'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'import-samples-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

async function imported(...documents: unknown[]) {
  const files = documents.map((document, at) => {
    writeFileSync(join(cwd, `${at}.json`), JSON.stringify(document, undefined, 2))
    return `${at}.json`
  })
  const { code, out: text, errors } = await runCommand(['import', ...files], cwd)
  const yaml = parseSettingsYaml('sim.yaml', text)
  if (!('source' in yaml)) throw new Error(yaml.problem.message)
  const start = () => createSimulator({ sources: [{ name: 'test', input: { apiKey: 'k' } }, yaml.source] }).close()
  const input = (yaml.source.input ?? {}) as { resources?: Record<string, { deployments?: object }> }
  return { code, text, errors, input, start }
}

const group = '/subscriptions/0-0/resourceGroups/ours/providers/Microsoft.CognitiveServices'
const deploymentType = 'Microsoft.CognitiveServices/accounts/deployments'
const limits = (requests: number, seconds: number, tokens: number) => [
  { key: 'request', renewalPeriod: seconds, count: requests },
  { key: 'token', renewalPeriod: 60, count: tokens },
]
// eslint-disable-next-line max-params -- in the order of a row
const raw = (account: string, name: string, model: string, sku: object, properties: object = {}) => ({
  id: `${group}/accounts/${account}/deployments/${name}`,
  type: deploymentType,
  name,
  sku,
  properties: {
    model: { format: 'OpenAI', name: model.split('@')[0], version: model.split('@')[1] },
    versionUpgradeOption: 'OnceNewDefaultVersionAvailable',
    provisioningState: 'Succeeded',
    ...properties,
  },
  systemData: { createdBy: 'somebody', createdByType: 'User' },
  etag: '"0"',
})
/** As `az` prints what the service did not send. */
const nulls = {
  ...{
    callRateLimit: null,
    capabilities: null,
    capacitySettings: null,
    deploymentState: null,
    dynamicThrottlingEnabled: null,
  },
  ...{ parentDeploymentName: null, raiPolicyName: null, rateLimits: null, routing: null, scaleSettings: null },
  ...{ serviceTier: null, spilloverDeploymentName: null, currentCapacity: null },
}

describe('what Azure prints of accounts', () => {
  it('is read as az lists them, of both kinds', async () => {
    const { input } = await imported([
      {
        id: `${group}/accounts/one`,
        kind: 'OpenAI',
        location: 'swedencentral',
        name: 'one',
        resourceGroup: 'ours',
        sku: { name: 'S0' },
        type: 'Microsoft.CognitiveServices/accounts',
        tags: null,
        properties: {
          endpoint: 'https://one.openai.azure.com/',
          endpoints: { 'OpenAI Language Model Instance API': 'https://one.openai.azure.com/' },
          capabilities: [{ name: 'Container' }, { name: 'VirtualNetworks', value: null }],
          callRateLimit: {
            rules: [{ key: 'openai.dalle.post', renewalPeriod: 1, count: 30, dynamicThrottlingEnabled: null }],
          },
        },
      },
      {
        id: `${group}/accounts/two`,
        kind: 'AIServices',
        location: 'EAST US 2',
        name: 'two',
        resourceGroup: 'ours',
        type: 'Microsoft.CognitiveServices/accounts',
        properties: {
          endpoint: 'https://two.cognitiveservices.azure.com/',
          allowProjectManagement: true,
          defaultProject: 'p',
        },
      },
    ])
    expect(input).toEqual({
      resources: {
        one: { region: 'Sweden Central', azure: { resourceKind: 'OpenAI' }, hosts: ['one.openai.azure.com'] },
        two: { region: 'East US 2', azure: { resourceKind: 'AIServices' }, hosts: ['two.cognitiveservices.azure.com'] },
      },
    })
  })

  it('is read of one account without a name of its own in the address', async () => {
    const { input } = await imported({
      kind: 'OpenAI',
      name: 'plain',
      location: 'japaneast',
      type: 'Microsoft.CognitiveServices/accounts',
      properties: { endpoint: 'https://japaneast.api.cognitive.microsoft.com/', provisioningState: 'Succeeded' },
    })
    expect(input).toEqual({ resources: { plain: { region: 'Japan East', azure: { resourceKind: 'OpenAI' } } } })
  })

  it('is read with its keys, which do not say whose they are', async () => {
    const account = { kind: 'OpenAI', name: 'one', type: 'Microsoft.CognitiveServices/accounts', location: 'uksouth' }
    const { input } = await imported([account], { key1: 'first-key', key2: 'second-key' })
    expect(input.resources?.['one']).toMatchObject({ apiKeys: ['first-key', 'second-key'] })
    expect((await imported({ key1: 'first-key', key2: 'second-key' })).text).toContain('# nothing of it is a setting')
  })
})

describe('what Azure prints of deployments', () => {
  it('is read raw, with the limits that Azure has worked out, which are ours', async () => {
    const list = [
      raw(
        'one',
        'chat',
        'gpt-4o@2024-08-06',
        { name: 'Standard', capacity: 30 },
        { rateLimits: limits(30, 10, 30_000), raiPolicyName: 'Microsoft.DefaultV2', currentCapacity: 30 },
      ),
      raw(
        'one',
        'mini',
        'gpt-4o-mini@2024-07-18',
        { name: 'GlobalStandard', capacity: 30 },
        { rateLimits: limits(300, 60, 30_000) },
      ),
      raw(
        'one',
        'vectors',
        'text-embedding-3-small@1',
        { name: 'GlobalStandard', capacity: 30 },
        { rateLimits: limits(30, 10, 30_000) },
      ),
      raw(
        'two',
        'old',
        'gpt-35-turbo@0125',
        { name: 'Standard', capacity: 1 },
        { rateLimits: limits(1, 10, 1_000), callRateLimit: { rules: null } },
      ),
    ]
    const { input, start } = await imported({ value: list })
    expect(input.resources).toEqual({
      one: {
        deployments: {
          chat: { model: 'gpt-4o@2024-08-06', sku: 'Standard', capacity: 30 },
          mini: { model: 'gpt-4o-mini@2024-07-18', sku: 'GlobalStandard', capacity: 30 },
          vectors: { model: 'text-embedding-3-small@1', sku: 'GlobalStandard', capacity: 30 },
        },
      },
      two: { deployments: { old: { model: 'gpt-35-turbo@0125', sku: 'Standard', capacity: 1 } } },
    })
    await start()
  })

  it('is read of every type as az prints it: nulls, tiers, a router, a pause, what spills over', async () => {
    // eslint-disable-next-line max-params -- in the order of a row
    const az = (name: string, model: string, sku: string, capacity: number, more: object = {}) => ({
      ...raw('all', name, model, { name: sku, capacity, tier: null, family: null, size: null }, { ...nulls, ...more }),
      resourceGroup: 'ours',
      tags: null,
    })
    const { input, text, start } = await imported([
      az('std', 'gpt-4o@2024-11-20', 'Standard', 10),
      az('global', 'gpt-5.1@2025-11-13', 'GlobalStandard', 250, { serviceTier: 'Priority' }),
      az('zone', 'gpt-4.1@2025-04-14', 'DataZoneStandard', 300, {
        deploymentState: 'Paused',
        raiPolicyName: 'ours-strict',
      }),
      az('ptu', 'gpt-4o@2024-11-20', 'ProvisionedManaged', 100),
      az('ptu-global', 'gpt-5.1@2025-11-13', 'GlobalProvisionedManaged', 45, { spilloverDeploymentName: 'global' }),
      az('ptu-zone', 'gpt-4.1@2025-04-14', 'DataZoneProvisionedManaged', 15, { spilloverDeploymentName: 'zone' }),
      az('batch', 'gpt-4o@2024-08-06', 'GlobalBatch', 200),
      az('batch-zone', 'gpt-4.1@2025-04-14', 'DataZoneBatch', 100),
      az('tuned', 'gpt-4.1-mini.ft-0123@1', 'DeveloperTier', 50),
      az('route', 'model-router@2025-11-18', 'GlobalStandard', 100, {
        routing: {
          mode: 'Cost',
          models: [{ format: 'OpenAI', name: 'gpt-5-mini', version: '2025-08-07' }, { name: 'gpt-4.1' }],
        },
      }),
      az('tuned-mini', 'gpt-4o-mini.ft-0123@1', 'GlobalStandard', 50),
      az('odd', 'gpt-4o@2024-11-20', 'Dedicated', 3, { serviceTier: 'Priority' }),
    ])
    expect(input.resources?.['all']?.deployments).toEqual({
      std: { model: 'gpt-4o@2024-11-20', sku: 'Standard', capacity: 10 },
      global: { model: 'gpt-5.1@2025-11-13', sku: 'GlobalStandard', capacity: 250, serviceTier: 'Priority' },
      zone: { model: 'gpt-4.1@2025-04-14', sku: 'DataZoneStandard', capacity: 300 },
      ptu: { model: 'gpt-4o@2024-11-20', sku: 'ProvisionedManaged', capacity: 100 },
      'ptu-global': {
        model: 'gpt-5.1@2025-11-13',
        sku: 'GlobalProvisionedManaged',
        capacity: 45,
        spilloverDeploymentName: 'global',
      },
      'ptu-zone': {
        model: 'gpt-4.1@2025-04-14',
        sku: 'DataZoneProvisionedManaged',
        capacity: 15,
        spilloverDeploymentName: 'zone',
      },
      batch: { model: 'gpt-4o@2024-08-06', sku: 'GlobalBatch', capacity: 200 },
      'batch-zone': { model: 'gpt-4.1@2025-04-14', sku: 'DataZoneBatch', capacity: 100 },
      tuned: { model: 'gpt-4.1-mini', sku: 'DeveloperTier', capacity: 50 },
      route: {
        model: 'model-router@2025-11-18',
        sku: 'GlobalStandard',
        capacity: 100,
        routing: { mode: 'cost', models: ['gpt-5-mini@2025-08-07', 'gpt-4.1'] },
      },
      'tuned-mini': {
        model: 'gpt-4o-mini',
        sku: 'GlobalStandard',
        capacity: 50,
        tokensPerMinute: 50_000,
        requestsPerMinute: 300,
      },
      odd: { model: 'gpt-4o@2024-11-20' },
    })
    expect(text).toMatch(/"?zone"?: # content filter ours-strict\n.*# is paused in Azure/)
    expect(text).toContain('# Dedicated is no type of deployment that the simulator knows')
    expect(text).toContain('# has the service tier Priority, which is not known of gpt-4o@2024-11-20')
    await start()
  })

  it('reads nothing else as a deployment that has a model: types of it, and how much of one there is', async () => {
    const model = { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' }
    const { input, text } = await imported({
      skus: {
        value: [
          {
            resourceType: deploymentType,
            sku: { name: 'Standard', capacity: 1 },
            capacity: { minimum: 100, allowedValues: [100, 200] },
          },
        ],
      },
      capacities: {
        value: [
          {
            name: 'GlobalStandard',
            type: 'Microsoft.CognitiveServices/locations/models/skuCapacities',
            location: 'westus',
            properties: { model, skuName: 'GlobalStandard', availableCapacity: 500 },
          },
        ],
      },
      tier: {
        name: 'default',
        type: 'Microsoft.CognitiveServices/quotaTiers',
        properties: { currentTierName: 'Free-Tier' },
      },
      lists: { value: [{ name: 'ours', properties: { description: 'words' } }] },
      filters: {
        value: [
          {
            name: 'Hate',
            type: 'Microsoft.CognitiveServices/locations/raiContentFilters',
            properties: { name: 'Hate', isMultiLevelFilter: true },
          },
        ],
      },
      made: raw('one', 'chat', 'gpt-4o@2024-11-20', { name: 'Standard', capacity: 1 }, { deploymentState: 'Running' }),
    })
    expect(input).toEqual({
      resources: { one: { deployments: { chat: { model: 'gpt-4o@2024-11-20', sku: 'Standard', capacity: 1 } } } },
    })
    expect(text).not.toContain('westus')
  })
})

describe('what else Azure prints', () => {
  it('are usages, as they are named: some without a dash, some with a small letter, some that are no capacity', async () => {
    const usage = (value: string, used: number, limit: number, more: object = {}) => ({
      name: { value, localizedValue: `Words of ${value}` },
      currentValue: used,
      limit,
      unit: 'Count',
      ...more,
    })
    const { input, text } = await imported({
      value: [
        usage('OpenAI.GlobalStandard.gpt4.1', 150, 1_000),
        usage('OpenAI.DatazoneStandard.gpt-5.4-mini', 0, 300, { scopeType: 'Classic' }),
        usage('OpenAI.GlobalStandard.ModelRouter', 0, 250),
        usage('OpenAI.GlobalProvisionedManaged', 0, 0),
        usage('OpenAI.Standard.gpt-4o', 200, 149),
        usage('AIServices.GlobalStandard.DeepSeek-R1', 0, 50),
        usage('AIServices.S0.AccountCount', 2, 100),
        usage('AccountCount', 2, 100),
      ],
    })
    expect(input).toEqual({
      quota: {
        '*': {
          'OpenAI.GlobalStandard.gpt4.1': 1_000,
          'OpenAI.DatazoneStandard.gpt-5.4-mini': 300,
          'OpenAI.GlobalStandard.ModelRouter': 250,
          'OpenAI.GlobalProvisionedManaged': 0,
          'OpenAI.Standard.gpt-4o': 149,
          'AIServices.GlobalStandard.DeepSeek-R1': 50,
        },
      },
    })
    expect(text).toContain('149 # 200 used')
  })

  it('are models of a region and of an account, with their limits in either spelling', async () => {
    const skusOf = (key: string) => [
      { name: 'Standard', usageName: 'x', [key]: limits(1, 10, 1_000), capacity: { maximum: 5 } },
    ]
    const region = (name: string) => ({
      kind: 'OpenAI',
      skuName: 'S0',
      model: {
        format: 'OpenAI',
        name,
        version: '1',
        skus: skusOf('rateLimits'),
        capabilities: { priorityTierSkus: null },
      },
    })
    const flat = (name: string, skus: object[]) => ({
      format: 'OpenAI',
      name,
      version: '1',
      skus,
      deprecation: { inference: 'x' },
    })
    const { text, code } = await imported(
      { value: [region('gpt-4o'), region('gpt-99')] },
      {
        value: [
          flat('ada', skusOf('ratelimits')),
          flat('code-davinci-99', []),
          { format: 'Cohere', name: 'other', skus: [] },
        ],
      },
    )
    expect(code).toBe(0)
    expect(text).toContain('# not in the catalogue of models: gpt-99, code-davinci-99')
  })

  it('are policies of the content filter', async () => {
    const policy = (name: string, mode: string | undefined) => ({
      name,
      id: `${group}/accounts/one/raiPolicies/${name}`,
      properties: {
        basePolicyName: 'Microsoft.Default',
        ...(mode && { mode }),
        contentFilters: [
          { name: 'Hate', blocking: true, enabled: true, severityThreshold: 'Medium', source: 'Prompt' },
        ],
      },
    })
    const of = (...names: string[]) =>
      names.map((name) =>
        raw('one', name, 'gpt-4o@2024-11-20', { name: 'Standard', capacity: 1 }, { raiPolicyName: name }),
      )
    const fast = await imported({ value: [policy('fast', 'Asynchronous_filter')] }, of('fast'))
    expect(fast.input.resources?.['one']).toMatchObject({ contentFilter: { mode: 'asynchronous' } })
    const mixed = await imported([policy('fast', 'Deferred'), policy('slow', undefined)], of('fast', 'slow'))
    expect(mixed.input.resources?.['one']).not.toHaveProperty('contentFilter')
    expect(mixed.text).toContain('fast: # content filter fast, mode Deferred')
  })

  it('is no refusal and no table', async () => {
    const refusal = { error: { code: 'InsufficientQuota', message: 'This operation require 1 new capacity' } }
    for (const document of [refusal, [{ code: '409', text: refusal }], { rows: [['gpt-4o', 'Standard']] }]) {
      const { code, errors } = await imported(document)
      expect([code, errors]).toEqual([1, expect.stringContaining('has no account, deployment, quota')])
    }
  })
})

describe('templates', () => {
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'

  it('are read as Bicep compiles them: symbolic names, a nested one, a serial loop', async () => {
    const inner = {
      $schema: schema,
      languageVersion: '2.0',
      contentVersion: '1.0.0.0',
      parameters: { place: { type: 'string' }, wanted: { type: 'array' } },
      variables: { account: "[format('cog-{0}', 'ours')]" },
      resources: {
        account: {
          type: 'Microsoft.CognitiveServices/accounts',
          apiVersion: '2025-06-01',
          name: "[variables('account')]",
          location: "[parameters('place')]",
          kind: 'AIServices',
          sku: { name: 'S0' },
          properties: {},
        },
        existing: {
          existing: true,
          type: 'Microsoft.CognitiveServices/accounts',
          name: 'other',
          apiVersion: '2025-06-01',
        },
        deployments: {
          copy: { name: 'deployments', count: "[length(parameters('wanted'))]", mode: 'serial', batchSize: 1 },
          type: deploymentType,
          apiVersion: '2025-06-01',
          name: "[format('{0}/{1}', variables('account'), parameters('wanted')[copyIndex()].name)]",
          sku: "[parameters('wanted')[copyIndex()].sku]",
          properties: { model: "[parameters('wanted')[copyIndex()].model]" },
        },
      },
    }
    const { input, start } = await imported({
      $schema: schema,
      contentVersion: '1.0.0.0',
      languageVersion: '2.0',
      parameters: {
        place: { type: 'string', defaultValue: 'eastus2' },
        wanted: {
          type: 'array',
          defaultValue: [
            {
              name: 'chat',
              sku: { name: 'GlobalStandard', capacity: 50 },
              model: { format: 'OpenAI', name: 'gpt-4.1', version: '2025-04-14' },
            },
            {
              name: 'embed',
              sku: { name: 'Standard', capacity: 120 },
              model: { format: 'OpenAI', name: 'text-embedding-3-large', version: '1' },
            },
          ],
        },
      },
      resources: {
        nested: {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2025-04-01',
          name: 'nested',
          properties: {
            expressionEvaluationOptions: { scope: 'inner' },
            mode: 'Incremental',
            parameters: { place: { value: "[parameters('place')]" }, wanted: { value: "[parameters('wanted')]" } },
            template: inner,
          },
        },
      },
    })
    expect(input).toMatchObject({
      resources: {
        'cog-ours': {
          region: 'East US 2',
          deployments: {
            chat: { model: 'gpt-4.1@2025-04-14', sku: 'GlobalStandard', capacity: 50 },
            embed: { model: 'text-embedding-3-large@1', sku: 'Standard', capacity: 120 },
          },
        },
      },
    })
    await start()
  })

  it('are read as the portal exports them: joined names, older scale settings, a policy, what spills over', async () => {
    const of = (name: string) => `[concat(parameters('account'), '/${name}')]`
    const { input, text } = await imported({
      $schema: schema,
      contentVersion: '1.0.0.0',
      parameters: { account: { defaultValue: 'ours', type: 'String' } },
      resources: [
        {
          type: 'Microsoft.CognitiveServices/accounts',
          apiVersion: '2022-12-01',
          name: "[parameters('account')]",
          kind: 'OpenAI',
          location: 'eastus2',
          properties: { customSubDomainName: "[parameters('account')]" },
        },
        {
          type: deploymentType,
          apiVersion: '2022-12-01',
          name: of('old'),
          properties: {
            model: { format: 'OpenAI', name: 'gpt-35-turbo', version: '0301' },
            scaleSettings: { scaleType: 'Standard', capacity: 120 },
          },
        },
        {
          type: deploymentType,
          apiVersion: '2025-06-01',
          name: of('chat'),
          sku: { name: 'GlobalStandard', capacity: 50 },
          properties: { model: { format: 'OpenAI', name: 'gpt-4.1', version: '2025-04-14' } },
        },
        {
          type: deploymentType,
          apiVersion: '2025-06-01',
          name: of('ptu'),
          sku: { name: 'GlobalProvisionedManaged', capacity: 45 },
          properties: {
            model: { format: 'OpenAI', name: 'gpt-4.1', version: '2025-04-14' },
            raiPolicyName: 'strict',
            spilloverDeploymentName: 'chat',
          },
        },
        {
          type: 'Microsoft.CognitiveServices/accounts/raiPolicies',
          apiVersion: '2025-06-01',
          name: of('strict'),
          properties: { mode: 'Blocking', contentFilters: [] },
        },
      ],
    })
    expect(input.resources?.['ours']?.deployments).toEqual({
      old: { model: 'gpt-35-turbo@0301', sku: 'Standard', capacity: 120 },
      chat: { model: 'gpt-4.1@2025-04-14', sku: 'GlobalStandard', capacity: 50 },
      ptu: {
        model: 'gpt-4.1@2025-04-14',
        sku: 'GlobalProvisionedManaged',
        capacity: 45,
        spilloverDeploymentName: 'chat',
      },
    })
    expect(text).toContain('ptu: # content filter strict, mode Blocking')
  })
})
