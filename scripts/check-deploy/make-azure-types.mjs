/**
 * Writes `azure-types.json`, the part of Azure's published Bicep types that `bicep/` uses, as
 * `node scripts/check-deploy/make-azure-types.mjs AZMCP`, where AZMCP is the program of the npm package
 * `@azure/mcp-linux-x64` (MIT), which carries them and needs no network for it. What that package lacks stands in
 * `azure-types-more.json`, written by hand from the sources that it names.
 *
 * A property is `type`, or `type!` where it is required; read-only ones are left out. `*` is any other name.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const names = [
  'Microsoft.App/containerApps',
  'Microsoft.App/managedEnvironments',
  'Microsoft.Authorization/roleAssignments',
  'Microsoft.CognitiveServices/accounts',
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.Insights/components',
  'Microsoft.KeyVault/vaults',
  'Microsoft.KeyVault/vaults/secrets',
  'Microsoft.ManagedIdentity/userAssignedIdentities',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  'Microsoft.Network/virtualNetworks',
  'Microsoft.OperationalInsights/workspaces',
  'Microsoft.Resources/resourceGroups',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.Storage/storageAccounts/blobServices/containers',
  'Microsoft.Web/serverfarms',
  'Microsoft.Web/sites',
  'Microsoft.Web/sites/config',
]

/** Of a resource whose name decides its type, the name that is used here. */
const chosenName = new Map([['Microsoft.Web/sites/config', 'appsettings']])

const azmcp = process.argv[2] ?? ''

/** @param {any} type */
function propertiesOf(type) {
  /** @type {Record<string, string>} */
  const properties = {}
  for (const { name, type: of, flags = '' } of type.properties ?? []) {
    if (!flags.includes('ReadOnly')) properties[name] = flags.includes('Required') ? `${of}!` : of
  }
  if (type.additionalPropertiesType) properties['*'] = type.additionalPropertiesType
  return properties
}

/** @param {string} name */
function excerpt(name) {
  const answer = execFileSync(azmcp, ['bicepschema', 'get', '--resource-type', name], {
    encoding: 'utf8',
    maxBuffer: 64e6,
    env: { ...process.env, AZURE_MCP_COLLECT_TELEMETRY: 'false' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  /** @type {any[]} */
  const all = JSON.parse(answer).results.BicepSchemaResult
  const resource = all.find(({ $type, name: full }) => $type === 'Resource' && full.startsWith(`${name}@`))
  const chosen = chosenName.get(name)
  /** @param {any} element */
  const isChosen = (element) => propertiesOf(element).name === `${chosen}!`
  const body = chosen === undefined ? resource.bodyType : resource.bodyType.elements.find(isChosen)
  const byName = new Map(all.filter(({ $type }) => $type === 'Object').map((type) => [type.name, type]))
  /** @type {Record<string, Record<string, string>>} */
  const types = {}
  /** @param {Record<string, string>} properties */
  const collect = (properties) => {
    for (const of of Object.values(properties)) {
      const typeName = of.replace(/!$/, '').replace(/(\[\])+$/, '')
      const type = byName.get(typeName)
      if (!type || types[typeName]) continue
      collect((types[typeName] = propertiesOf(type)))
    }
  }
  const properties = propertiesOf(body)
  collect(properties)
  return [resource.name, { scopes: resource.writableScopes, properties, types }]
}

const source = 'npm package @azure/mcp-linux-x64 2.0.5, azmcp bicepschema get'
const text = JSON.stringify({ source, resources: Object.fromEntries(names.map(excerpt)) }, undefined, 2)
writeFileSync(path.join(import.meta.dirname, 'azure-types.json'), `${text}\n`)
