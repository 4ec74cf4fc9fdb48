// A network for the app, and the storage account's way into it.
param token string
param location string
param tags object
param storageName string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          delegations: [
            {
              name: 'environments'
              // Flex Consumption and Container Apps both run in such environments.
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: { addressPrefix: '10.0.1.0/24', privateEndpointNetworkPolicies: 'Disabled' }
      }
    ]
  }
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: 'pe-blob-${token}'
  location: location
  tags: tags
  properties: {
    subnet: { id: network.properties.subnets[1].id }
    privateLinkServiceConnections: [
      {
        name: 'blob'
        properties: { privateLinkServiceId: account.id, groupIds: ['blob'] }
      }
    ]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.blob.${environment().suffixes.storage}'
  location: 'global'
  tags: tags
}

resource zoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'app'
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'blob'
        properties: { privateDnsZoneId: zone.id }
      }
    ]
  }
}

output subnetId string = network.properties.subnets[0].id
