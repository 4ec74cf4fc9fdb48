// The app on Azure Functions, in the Flex Consumption plan.
param token string
param location string
param tags object

@description('Its service in azure.yaml, by which azd finds it.')
param serviceName string
param identityId string
param identityClientId string
param blobEndpoint string
param packageUrl string
param apiKeySecretUri string

@description('Empty for no virtual network.')
param subnetId string
param settings object
param nodeVersion string
param instanceMemoryMB int
param perInstanceConcurrency int
param maximumInstanceCount int
param alwaysReadyInstances int

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
        triggers: { http: { perInstanceConcurrency: perInstanceConcurrency } }
      }
    }
  }
}

// Nobody publishes with a password: azd signs in.
resource publishingByScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

resource publishingByFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource siteSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(settings, {
    AzureWebJobsStorage__blobServiceUri: blobEndpoint
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    // The worker's own server would leave a request with more than 16 KB of headers without an answer.
    languageWorkers__node__arguments: '--max-http-header-size=65536'
    SIMULATOR_API_KEY: '@Microsoft.KeyVault(SecretUri=${apiKeySecretUri})'
  })
}

output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
