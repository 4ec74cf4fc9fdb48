// What is deployed, from the top: one resource group with everything the simulator needs. `azd up` asks for a name, a
// subscription and a region; every other parameter has a default. No key is in any file, setting or output.
targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment; part of the names and tags of all resources.')
param environmentName string

@minLength(1)
@description('Region of all resources.')
@metadata({ azd: { type: 'location' } })
param location string

@secure()
@minLength(16)
@description('The key that clients send. azd makes one on the first run and keeps it outside the repository.')
@metadata({ azd: { type: 'generate', config: { length: 40, noSpecial: true } } })
param simulatorApiKey string

@description('Who deploys: may then read the key, and edit recordings and the shared sim.yaml. Empty: nobody but the app may.')
param principalId string = ''

@allowed(['User', 'ServicePrincipal', 'Group'])
param principalType string = 'User'

@allowed(['function', 'containerapp'])
@description('Where the simulator runs: Azure Functions (Flex Consumption) or Azure Container Apps.')
param target string = 'function'

// How the simulator behaves.

@allowed(['generate', 'record', 'replay'])
param simulatorMode string = 'generate'

@description('A sim.yaml that lies beside package.json and is packed with the app; empty for none.')
param configPath string = ''

@description('An extension, as extensions/mine.js, in the folder that is packed with the app, too; empty for none.')
param extensionPath string = ''

@allowed(['debug', 'info', 'warn', 'error'])
param logLevel string = 'info'

@description('The real service that record mode asks, as https://name.openai.azure.com.')
param openAiEndpoint string = ''

@description('Its account, for the role that lets the simulator call it without a key; empty for no role.')
param openAiAccountName string = ''

@description('Its resource group; empty for the one that is made here.')
param openAiResourceGroup string = ''

@description('Its subscription, where it is another one.')
param openAiSubscriptionId string = ''

// How it scales, and what it may cost.

@allowed(['22', '24'])
param nodeVersion string = '24'

@allowed([512, 2048, 4096])
@description('Memory of an instance. 512 MB come with a quarter of a core, 2,048 with one, 4,096 with two.')
param instanceMemoryMB int = 512

@minValue(1)
@maxValue(1000)
@description('Requests that one instance takes at once before another is started. A simulator mostly waits.')
param perInstanceConcurrency int = 500

@minValue(40)
@maxValue(1000)
@description('How far it scales out. The platform takes no less than 40, and HTTP may go somewhat beyond it.')
param maximumInstanceCount int = 40

@minValue(0)
@maxValue(20)
@description('Instances that never stop: no cold start, but billed all day. 0 costs nothing while nobody asks.')
param alwaysReadyInstances int = 0

@minValue(0)
@maxValue(30)
param containerMinReplicas int = 0

@minValue(1)
@maxValue(30)
@description('More than one share their limits only by way of Redis.')
param containerMaxReplicas int = 1

@description('The image that azd built last; azd fills it in.')
param containerImage string = ''

@minValue(1)
@maxValue(100)
@description('Gigabytes of logs and metrics a day, after which no more are taken.')
param logDailyQuotaGb int = 1

// Options that cost more.

@description('A virtual network, with the storage account reachable from there only.')
param vnetEnabled bool = false

@description('Azure Managed Redis, where all instances count limits together.')
param redisEnabled bool = false

param redisSku string = 'Balanced_B0'

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var isFunction = target == 'function'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: { name: 'id-${token}', location: location, tags: tags }
}

// These three also grant the identity its roles. What runs the app takes their outputs, and so is made after them: its
// first start finds every role in place.

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    dailyQuotaGb: logDailyQuotaGb
    identityPrincipalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    isPrivate: vnetEnabled
    identityPrincipalId: identity.outputs.principalId
    principalId: principalId
    principalType: principalType
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    simulatorApiKey: simulatorApiKey
    identityPrincipalId: identity.outputs.principalId
    principalId: principalId
    principalType: principalType
  }
}

module network 'modules/network.bicep' = if (vnetEnabled) {
  name: 'network'
  scope: group
  params: { token: token, location: location, tags: tags, storageName: storage.outputs.name }
}

module redis 'modules/redis.bicep' = if (redisEnabled) {
  name: 'redis'
  scope: group
  params: {
    name: 'redis-${token}'
    location: location
    tags: tags
    sku: redisSku
    identityPrincipalId: identity.outputs.principalId
  }
}

module openAiRole 'modules/openai-role.bicep' = if (!empty(openAiAccountName)) {
  name: 'openai-role-${token}'
  scope: resourceGroup(
    empty(openAiSubscriptionId) ? subscription().subscriptionId : openAiSubscriptionId,
    empty(openAiResourceGroup) ? group.name : openAiResourceGroup
  )
  params: { accountName: openAiAccountName, identityPrincipalId: identity.outputs.principalId }
}

// The same wherever it runs; a setting that is empty counts as not set.
var settings = {
  SIMULATOR_MODE: simulatorMode
  SIMULATOR_CONFIG_PATH: configPath
  EXTENSION_PATH: extensionPath
  LOG_LEVEL: logLevel
  RECORDING_CONTAINER_URL: storage.outputs.recordingsUrl
  SIMULATOR_STATE_CONTAINER_URL: storage.outputs.stateUrl
  AZURE_OPENAI_ENDPOINT: openAiEndpoint
  REDIS_URL: redisEnabled ? redis!.outputs.url : ''
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
  AZURE_CLIENT_ID: identity.outputs.clientId
  AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
}

module functionApp 'modules/function-app.bicep' = if (isFunction) {
  name: 'function-app'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    serviceName: 'api'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobEndpoint: storage.outputs.blobEndpoint
    packageUrl: storage.outputs.packageUrl
    apiKeySecretUri: keyVault.outputs.apiKeySecretUri
    subnetId: vnetEnabled ? network!.outputs.subnetId : ''
    settings: settings
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    perInstanceConcurrency: perInstanceConcurrency
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
  }
}

module containerApp 'modules/container-app.bicep' = if (!isFunction) {
  name: 'container-app'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    serviceName: 'container'
    identityId: identity.outputs.id
    identityPrincipalId: identity.outputs.principalId
    apiKeySecretUri: keyVault.outputs.apiKeySecretUri
    subnetId: vnetEnabled ? network!.outputs.subnetId : ''
    workspaceId: monitoring.outputs.workspaceId
    settings: settings
    image: containerImage
    minReplicas: containerMinReplicas
    maxReplicas: containerMaxReplicas
  }
}

// Each becomes a line of .azure/<environment>/.env, where the key has no place.
output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_KEY_VAULT_NAME string = keyVault.outputs.name
output AZURE_STORAGE_ACCOUNT_NAME string = storage.outputs.name
output AZURE_FUNCTION_NAME string = isFunction ? functionApp!.outputs.name : ''
output AZURE_CONTAINER_APP_NAME string = isFunction ? '' : containerApp!.outputs.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = isFunction ? '' : containerApp!.outputs.registry
output RECORDING_CONTAINER_URL string = storage.outputs.recordingsUrl
output SIMULATOR_ENDPOINT string = isFunction ? functionApp!.outputs.url : containerApp!.outputs.url
