// Where all instances count their limits together. Signed in to by the identity; there are no access keys.
param name string
param location string
param tags object
param sku string
param identityPrincipalId string

resource redis 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
    // Counts of the last minute are not worth a second machine.
    highAvailability: 'Disabled'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: redis
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    port: 10000
    clusteringPolicy: 'NoCluster'
    evictionPolicy: 'VolatileTTL'
    accessKeysAuthentication: 'Disabled'
  }
}

resource appCounts 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = {
  parent: database
  name: 'app'
  properties: { accessPolicyName: 'default', user: { objectId: identityPrincipalId } }
}

output url string = 'rediss://${redis.properties.hostName}:${database.properties.port}'
