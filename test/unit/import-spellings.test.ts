/** `aoai-sim import` of the same in other spellings: PowerShell's, those of SDKs, templates with parameters, lists of fixtures. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseSettingsYaml } from '../../src/sim/index.ts'
import { runCommand } from '../support/command.ts'

const cwd = mkdtempSync(path.join(tmpdir(), 'import-'))
afterAll(() => rmSync(cwd, { recursive: true }))

async function imported(...documents: unknown[]) {
  const files = documents.map((document, at) => {
    writeFileSync(path.join(cwd, `${at}.json`), JSON.stringify(document))
    return `${at}.json`
  })
  const { code, out, errors } = await runCommand(['import', ...files], cwd)
  const yaml = parseSettingsYaml('sim.yaml', out)
  return { code, errors, settings: 'source' in yaml ? yaml.source.input : undefined }
}

const id = '/subscriptions/0/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso'

describe('what PowerShell prints', () => {
  // As Get-AzCognitiveServicesAccount, …AccountDeployment, …Usage and …AccountKey | ConvertTo-Json -Depth 10 write it.
  const account = {
    ResourceGroupName: 'g',
    AccountName: 'contoso',
    Id: id,
    Endpoint: 'https://contoso.openai.azure.com/',
    Location: 'swedencentral',
    Sku: { Name: 'S0', Tier: null },
    AccountType: 'OpenAI',
    ResourceType: 'Microsoft.CognitiveServices/accounts',
    Properties: null,
    Tags: { Cost_Center: 'x' },
  }
  const deployment = (name: string, sku: object, properties: object) => ({
    Sku: sku,
    Properties: { Model: { Format: 'OpenAI', Name: 'gpt-4o', Version: '2024-08-06' }, ...properties },
    Id: `${id}/deployments/${name}`,
    Name: name,
    Type: 'Microsoft.CognitiveServices/accounts/deployments',
  })
  const deployments = [
    deployment('ptu', { Name: 'GlobalProvisionedManaged', Capacity: 50 }, { SpilloverDeploymentName: 'payg' }),
    deployment('payg', { Name: 'GlobalStandard', Capacity: 10 }, { ScaleSettings: null }),
  ]
  const expected = {
    resources: {
      contoso: {
        region: 'Sweden Central',
        azure: { resourceKind: 'OpenAI' },
        apiKeys: ['first-key', 'second-key'],
        hosts: ['contoso.openai.azure.com'],
        deployments: {
          ptu: {
            model: 'gpt-4o@2024-08-06',
            sku: 'GlobalProvisionedManaged',
            capacity: 50,
            spilloverDeploymentName: 'payg',
          },
          payg: { model: 'gpt-4o@2024-08-06', sku: 'GlobalStandard', capacity: 10 },
        },
      },
    },
    quota: { 'Sweden Central': { 'OpenAI.GlobalStandard.gpt-4o': 450, 'OpenAI.Standard.gpt-4o': 30 } },
  }
  const usages = [
    { Name: 'OpenAI.GlobalStandard.gpt-4o', CurrentValue: 10, Limit: 450 },
    { Name: { Value: 'OpenAI.Standard.gpt-4o', LocalizedValue: 'x' }, CurrentValue: 0, Limit: 30 },
  ]

  it('is read with its capital letters', async () => {
    const keys = { Key1: 'first-key', Key2: 'second-key' }
    const { settings, errors } = await imported([account], deployments, usages, keys)
    expect(errors).toBe('')
    expect(settings).toEqual(expected)
  })

  it('is refused where it was cut, with what to do about it', async () => {
    const type = 'Microsoft.Azure.Management.CognitiveServices.Models.DeploymentModel'
    for (const Model of [type, '@{Format=OpenAI; Name=gpt-4o; Version=2024-08-06}']) {
      const { code, errors } = await imported([deployment('ptu', {}, { Model })])
      expect(code).toBe(1)
      expect(errors).toContain('ptu: its model is not in the file: give ConvertTo-Json -Depth 10')
    }
  })

  it('and SDKs with underscores, and Resource Graph with its rows, are the same', async () => {
    const model = { format: 'OpenAI', name: 'gpt-4o', version: '2024-08-06' }
    const sku = { name: 'GlobalProvisionedManaged', capacity: 50 }
    const properties = { model, spillover_deployment_name: 'payg', rai_policy_name: null }
    const one = { id: `${id}/deployments/ptu`, name: 'ptu', sku, properties }
    const { Endpoint: endpoint } = account
    const row = { name: 'contoso', type: 'microsoft.cognitiveservices/accounts', location: 'swedencentral' }
    const { settings } = await imported({ data: [{ ...row, kind: 'OpenAI', properties: { endpoint } }] }, [one])
    const { apiKeys: _, deployments: all, ...rest } = expected.resources.contoso
    expect(settings).toEqual({ resources: { contoso: { ...rest, deployments: { ptu: all.ptu } } } })
  })
})

describe('a template', () => {
  const head = { $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#' }
  const parametersHead = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
    contentVersion: '1.0.0.0',
  }
  const given = "coalesce(parameters('Deployments'), createArray())"
  const template = {
    ...head,
    contentVersion: '1.0.0.0',
    parameters: { name: { type: 'string' }, deployments: { type: 'array', nullable: true } },
    variables: {
      copy: [
        { name: 'regions', count: 2, input: "[format('{0} {1}', 'Norway', split('West,East', ',')[copyIndex()])]" },
      ],
    },
    resources: {
      account: {
        condition: "[not(empty(parameters('name')))]",
        type: 'Microsoft.CognitiveServices/accounts',
        name: "[parameters('name')]",
        location: "[variables('regions')[1]]",
        kind: 'AIServices',
        properties: { restore: "[equals(reference('other').state, 'x')]" },
      },
      never: {
        condition: "[equals(length(coalesce(parameters('deployments'), createArray())), 0)]",
        type: 'Microsoft.CognitiveServices/accounts',
        name: 'never',
        properties: {},
      },
      each: {
        copy: { name: 'each', count: `[length(${given})]` },
        type: 'Microsoft.CognitiveServices/accounts/deployments',
        name: `[format('{0}/{1}', parameters('name'), coalesce(tryGet(${given}[copyIndex()], 'name'), 'usual'))]`,
        sku: `[coalesce(tryGet(${given}[copyIndex()], 'sku'), createObject('name', 'Standard', 'capacity', mul(2, 3)))]`,
        properties: { model: `[${given}[copyIndex()].model]` },
      },
    },
  }

  it('takes its parameters from their file, whichever comes first', async () => {
    const chat = { name: 'chat', model: { name: 'gpt-4.1' }, sku: { name: 'GlobalStandard', capacity: 20 } }
    const deployments = { value: [chat, { model: { name: 'text-embedding-3-large' } }] }
    const parameters = { ...parametersHead, parameters: { Name: { value: 'acme' }, deployments } }
    const settings = {
      resources: {
        acme: {
          region: 'Norway East',
          azure: { resourceKind: 'AIServices' },
          deployments: {
            chat: { model: 'gpt-4.1', sku: 'GlobalStandard', capacity: 20 },
            usual: { model: 'text-embedding-3-large', sku: 'Standard', capacity: 6 },
          },
        },
      },
    }
    expect((await imported(template, parameters)).settings).toEqual(settings)
    expect((await imported(parameters, template)).settings).toEqual(settings)
  })

  it('that is nested without a scope of its own sees what is around it', async () => {
    const account = {
      type: 'Microsoft.CognitiveServices/accounts',
      name: "[parameters('account')]",
      location: "[variables('place')]",
      properties: {},
      resources: [
        {
          type: 'deployments',
          name: 'chat',
          sku: { name: 'DataZoneStandard', capacity: "[min(30, parameters('most'))]" },
          properties: { model: { name: 'gpt-4.1-mini', version: null } },
        },
      ],
    }
    const nested = (expressionEvaluationOptions?: object) => ({
      ...head,
      contentVersion: '1.0.0.0',
      parameters: { account: { defaultValue: 'outer' }, most: { defaultValue: 10 } },
      variables: { place: 'West Europe' },
      resources: [
        {
          type: 'Microsoft.Resources/deployments',
          name: 'n',
          properties: {
            expressionEvaluationOptions,
            template: { ...head, contentVersion: '1.0.0.0', resources: [account] },
          },
        },
      ],
    })
    const chat = { model: 'gpt-4.1-mini', sku: 'DataZoneStandard', capacity: 10 }
    expect((await imported(nested())).settings).toEqual({
      resources: { outer: { region: 'West Europe', deployments: { chat } } },
    })
    const inner = await imported(nested({ scope: 'inner' }))
    expect(JSON.stringify(inner.settings)).not.toContain('outer')
  })
})

describe('fixtures of aimock', () => {
  it('are read as a list, and one by itself; rounds of tools, blocks and waits are carried over', async () => {
    const fixtures = [
      { match: { userMessage: 'hi' }, response: { content: 'Hello' } },
      {
        match: { toolCallId: 'call_1', toolResultContains: 'booked', turnIndex: 1 },
        response: { blocks: [{ type: 'toolCall', name: 'pay', arguments: { sum: 7 } }] },
      },
      { match: { userMessage: 'x', hasToolResult: false }, response: { content: 'never' } },
      { match: { systemMessage: ['pirate'] }, response: { error: { message: 'Wait' }, status: 429, retryAfter: 3 } },
    ]
    const { settings, errors } = await imported(fixtures)
    expect(settings).toEqual([
      { when: { prompt: 'hi' }, then: { text: 'Hello' } },
      {
        when: { conversation: 'booked', body: { messages: [{ role: 'tool', tool_call_id: 'call_1' }] } },
        then: { toolCalls: [{ name: 'pay', arguments: { sum: 7 } }] },
      },
      { when: { system: 'pirate' }, then: { error: { status: 429, message: 'Wait' }, retryAfter: '3s' } },
    ])
    expect(errors.split('\n')).toEqual([
      '0.json, fixture 2: without match.turnIndex',
      '0.json, fixture 3: left out: match.hasToolResult',
    ])
    expect((await imported(fixtures[0])).settings).toEqual([{ when: { prompt: 'hi' }, then: { text: 'Hello' } }])
  })
})
