/**
 * Values that only the deployment itself would refuse: Azure's types leave these enumerations open, so the compiler accepts any
 * text. A path that ends in `[]` goes through a list.
 */
import type { BicepFile, Value } from './bicep.ts'
import type { Problem } from './problem.ts'

const allowed: readonly (readonly [type: string, path: string, values: string])[] = [
  ['Microsoft.App/containerApps', 'identity.type', 'None | SystemAssigned | UserAssigned'],
  ['Microsoft.App/containerApps', 'properties.configuration.activeRevisionsMode', 'Multiple | Single'],
  ['Microsoft.App/containerApps', 'properties.configuration.ingress.transport', 'auto | http | http2 | tcp'],
  ['Microsoft.Authorization/roleAssignments', 'properties.principalType', 'User | Group | ServicePrincipal'],
  ['Microsoft.Cache/redisEnterprise', 'properties.highAvailability', 'Disabled | Enabled'],
  ['Microsoft.Cache/redisEnterprise', 'properties.minimumTlsVersion', '1.2'],
  ['Microsoft.Cache/redisEnterprise', 'properties.publicNetworkAccess', 'Disabled | Enabled'],
  [
    'Microsoft.Cache/redisEnterprise/databases',
    'properties.clusteringPolicy',
    'EnterpriseCluster | NoCluster | OSSCluster',
  ],
  [
    'Microsoft.Cache/redisEnterprise/databases',
    'properties.evictionPolicy',
    'AllKeysLFU | AllKeysLRU | AllKeysRandom | NoEviction | VolatileLFU | VolatileLRU | VolatileRandom | VolatileTTL',
  ],
  ['Microsoft.ContainerRegistry/registries', 'sku.name', 'Basic | Standard | Premium'],
  ['Microsoft.Insights/components', 'properties.Application_Type', 'web | other'],
  ['Microsoft.KeyVault/vaults', 'properties.sku.family', 'A'],
  [
    'Microsoft.Network/virtualNetworks',
    'properties.subnets[].properties.privateEndpointNetworkPolicies',
    'Enabled | Disabled | NetworkSecurityGroupEnabled | RouteTableEnabled',
  ],
  ['Microsoft.OperationalInsights/workspaces', 'properties.sku.name', 'PerGB2018 | CapacityReservation | LACluster'],
  ['Microsoft.Storage/storageAccounts', 'kind', 'StorageV2 | BlobStorage | FileStorage | BlockBlobStorage'],
  [
    'Microsoft.Storage/storageAccounts',
    'sku.name',
    'Standard_LRS | Standard_GRS | Standard_RAGRS | Standard_ZRS | Standard_GZRS | Standard_RAGZRS | Premium_LRS | Premium_ZRS',
  ],
  ['Microsoft.Storage/storageAccounts', 'properties.networkAcls.bypass', 'None | Logging | Metrics | AzureServices'],
  ['Microsoft.Storage/storageAccounts', 'properties.publicNetworkAccess', 'Enabled | Disabled | SecuredByPerimeter'],
  [
    'Microsoft.Web/sites',
    'properties.functionAppConfig.deployment.storage.authentication.type',
    'SystemAssignedIdentity | UserAssignedIdentity | StorageAccountConnectionString',
  ],
  ['Microsoft.Web/sites', 'properties.functionAppConfig.deployment.storage.type', 'blobContainer'],
  [
    'Microsoft.Web/sites',
    'properties.functionAppConfig.runtime.name',
    'dotnet-isolated | node | java | powershell | python | custom',
  ],
]

export function checkOpenEnums({ name: file, resources }: BicepFile): readonly Problem[] {
  return resources.flatMap(({ type, body }) =>
    allowed
      .filter((row) => row[0] === type)
      .flatMap(([, path, values]) =>
        textsAt(body, path.split('.'))
          .filter(({ text }) => !values.split(' | ').includes(text))
          .map(({ text, line }) => ({ file, line, message: `${path} is '${text}', but must be one of ${values}` })),
      ),
  )
}

type Text = { readonly text: string; readonly line: number }

function textsAt(value: Value | undefined, path: readonly string[]): readonly Text[] {
  if (value === undefined) return []
  if (value.kind === 'either')
    return value.values.flatMap((one) => textsAt(one, path)).map(({ text }) => ({ text, line: value.line }))
  const [step, ...rest] = path
  if (step === undefined) return value.kind === 'text' ? [value] : []
  if (value.kind !== 'object') return []
  const below = value.members.findLast(({ name }) => name === step.replace('[]', ''))?.value
  if (!step.endsWith('[]')) return textsAt(below, rest)
  return below?.kind === 'list' ? below.items.flatMap((item) => textsAt(item, rest)) : []
}
