// The app on Azure Container Apps, as the image that the Dockerfile makes.
@minLength(3)
param token string
param location string
param tags object

@description('Its service in azure.yaml, by which azd finds it.')
param serviceName string
param identityId string
param identityPrincipalId string
param apiKeySecretUri string

@description('Empty for no virtual network.')
param subnetId string
param workspaceId string
param settings object

@description('Empty until azd has built the first.')
param image string
param minReplicas int
param maxReplicas int

var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'
var placeholderImage = 'mcr.microsoft.com/k8se/quickstart:latest'

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'cr${token}'
  location: location
  tags: tags
  sku: { name: 'Basic' }
  properties: { adminUserEnabled: false }
}

resource appPulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, identityPrincipalId, acrPull)
  scope: registry
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource containerEnvironment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: 'cae-${token}'
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    vnetConfiguration: empty(subnetId) ? null : { infrastructureSubnetId: subnetId, internal: false }
  }
}

// By way of Azure Monitor and not by the workspace's key, which is switched off.
resource environmentLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: containerEnvironment
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: 'ca-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    managedEnvironmentId: containerEnvironment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: true, targetPort: 8000, transport: 'auto', allowInsecure: false }
      registries: [{ server: registry.properties.loginServer, identity: identityId }]
      secrets: [{ name: 'simulator-api-key', keyVaultUrl: apiKeySecretUri, identity: identityId }]
    }
    template: {
      containers: [
        {
          name: 'simulator'
          image: empty(image) ? placeholderImage : image
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: concat(
            [{ name: 'SIMULATOR_API_KEY', secretRef: 'simulator-api-key' }],
            map(items(settings), item => { name: item.key, value: item.value })
          )
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [{ name: 'http', http: { metadata: { concurrentRequests: '500' } } }]
      }
    }
  }
  dependsOn: [appPulls]
}

output name string = app.name
output registry string = registry.properties.loginServer
output url string = 'https://${app.properties.configuration.ingress.fqdn}'
