// The simulator's key. Written by the deployment itself, read by the app's identity and by whoever deployed.
param name string
param location string
param tags object

@secure()
param simulatorApiKey string
param identityPrincipalId string
param principalId string
param principalType string

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
  }
}

resource apiKey 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = {
  parent: vault
  name: 'simulator-api-key'
  tags: tags
  properties: { value: simulatorApiKey, contentType: 'text/plain' }
}

resource appReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identityPrincipalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource deployerReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(vault.id, principalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: principalId
    principalType: principalType
  }
}

output name string = vault.name
// Without a version, so that a new secret is taken up.
output apiKeySecretUri string = '${vault.properties.vaultUri}secrets/${apiKey.name}'
