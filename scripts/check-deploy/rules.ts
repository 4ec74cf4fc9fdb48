/** Rules for this project's Bicep files: no keys, no settings that Flex Consumption refuses, the right roles. */
import { type BicepFile, bareText, lineOf, type Resource, type Value, walk } from './bicep.ts'
import type { Problem } from './problem.ts'

/** On Flex Consumption these break the app or have no effect; `functionAppConfig` replaces them. */
const refusedSettings = new Set([
  'FUNCTIONS_WORKER_RUNTIME',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_WORKER_PROCESS_COUNT',
  'WEBSITE_RUN_FROM_PACKAGE',
  'WEBSITE_NODE_DEFAULT_VERSION',
  'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
  'WEBSITE_CONTENTSHARE',
  'WEBSITE_TIME_ZONE',
  'SCM_DO_BUILD_DURING_DEPLOYMENT',
  'ENABLE_ORYX_BUILD',
  'TZ',
  // With keys, which are off.
  'AzureWebJobsStorage',
  'APPINSIGHTS_INSTRUMENTATIONKEY',
])

/** Azure's built-in roles that are used here. The variable that holds one is named after it. */
const roles: Readonly<Record<string, string>> = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'storageBlobDataOwner',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'storageBlobDataContributor',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'monitoringMetricsPublisher',
  '4633458b-17de-408a-b874-0445c86b69e6': 'keyVaultSecretsUser',
  '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd': 'cognitiveServicesOpenAiUser',
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': 'acrPull',
}

/** Properties that must have a certain value. */
const musts: readonly (readonly [type: string, path: string, value: string])[] = [
  ['Microsoft.Storage/storageAccounts', 'properties.allowSharedKeyAccess', 'false'],
  ['Microsoft.Storage/storageAccounts', 'properties.allowBlobPublicAccess', 'false'],
  ['Microsoft.Storage/storageAccounts', 'properties.minimumTlsVersion', 'TLS1_2'],
  ['Microsoft.Storage/storageAccounts/blobServices/containers', 'properties.publicAccess', 'None'],
  ['Microsoft.Insights/components', 'properties.DisableLocalAuth', 'true'],
  ['Microsoft.OperationalInsights/workspaces', 'properties.features.disableLocalAuth', 'true'],
  ['Microsoft.KeyVault/vaults', 'properties.enableRbacAuthorization', 'true'],
  ['Microsoft.Web/sites', 'properties.httpsOnly', 'true'],
  ['Microsoft.Web/sites', 'properties.siteConfig.minTlsVersion', '1.2'],
  ['Microsoft.Web/sites', 'identity.type', 'UserAssigned'],
  ['Microsoft.Web/sites/config', 'properties.AzureWebJobsStorage__credential', 'managedidentity'],
  ['Microsoft.Web/sites/config', 'properties.languageWorkers__node__arguments', '--max-http-header-size=65536'],
  ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 'properties.allow', 'false'],
  ['Microsoft.Cache/redisEnterprise/databases', 'properties.accessKeysAuthentication', 'Disabled'],
  ['Microsoft.Cache/redisEnterprise/databases', 'properties.clientProtocol', 'Encrypted'],
  ['Microsoft.ContainerRegistry/registries', 'properties.adminUserEnabled', 'false'],
  ['Microsoft.App/containerApps', 'properties.configuration.ingress.allowInsecure', 'false'],
  ['Microsoft.App/containerApps', 'identity.type', 'UserAssigned'],
]

export function checkRules(file: BicepFile): readonly Problem[] {
  const at = (line: number, message: string): Problem => ({ file: file.name, line, message })
  const made = file.resources.filter(({ isExisting }) => !isExisting)
  return [
    ...made.flatMap((resource) => [
      ...checkMusts(resource).map((message) => at(resource.line, message)),
      ...checkNeeded(resource).map((message) => at(resource.line, message)),
      ...checkTags(resource).map((message) => at(resource.line, message)),
      ...checkRoleAssignment(resource).map((message) => at(resource.line, message)),
    ]),
    ...checkSettings(file),
    ...checkRoleIds(file),
  ]
}

/** `undefined` if there is no value. */
export function valueAt(value: Value | undefined, [name, ...rest]: readonly string[]): Value | undefined {
  if (name === undefined || value === undefined) return value
  if (value.kind !== 'object') return undefined
  return valueAt(value.members.findLast((member) => member.name === name)?.value, rest)
}

function checkMusts({ type, body }: Resource): readonly string[] {
  return musts
    .filter((must) => must[0] === type)
    .flatMap(([, path, wanted]) => {
      const value = valueAt(body, path.split('.'))
      const text = value && 'text' in value ? value.text : undefined
      return text === wanted ? [] : [`${path} of ${type} must be ${wanted}`]
    })
}

/** Extensions of other resources cannot have tags. */
const untagged = ['Microsoft.Authorization/roleAssignments', 'Microsoft.Insights/diagnosticSettings']
/** azd finds its resources, and the target of the app, by these tags. */
const azdTags: Readonly<Record<string, readonly [tag: string, source: string]>> = {
  'Microsoft.Resources/resourceGroups': ['azd-env-name', 'environmentName'],
  'Microsoft.Web/sites': ['azd-service-name', 'serviceName'],
  'Microsoft.App/containerApps': ['azd-service-name', 'serviceName'],
}

function checkTags({ type, body }: Resource): readonly string[] {
  const isOnTop = type.split('/').length === 2
  const none = isOnTop && !untagged.includes(type) && !valueAt(body, ['tags']) ? [`${type} has no tags`] : []
  const [tag, source] = azdTags[type] ?? []
  if (tag === undefined || none.length > 0) return none
  const value = valueAt(body, ['tags', tag])
  return value?.kind === 'unknown' && value.source === source ? [] : [`${type} needs the tag ${tag}: ${source}`]
}

/** Properties that must have any value. */
const needed: readonly (readonly [type: string, path: string])[] = [
  ['Microsoft.Web/sites', 'properties.keyVaultReferenceIdentity'],
  ['Microsoft.Web/sites/config', 'properties.AzureWebJobsStorage__blobServiceUri'],
  ['Microsoft.Web/sites/config', 'properties.AzureWebJobsStorage__clientId'],
]

const checkNeeded = ({ type, body }: Resource): readonly string[] =>
  needed
    .filter((one) => one[0] === type && !valueAt(body, one[1].split('.')))
    .map(([, path]) => `${path} of ${type} is missing`)

function checkRoleAssignment({ type, body }: Resource): readonly string[] {
  if (type !== 'Microsoft.Authorization/roleAssignments' || valueAt(body, ['properties', 'principalType'])) return []
  return ['a role assignment without its principalType fails while a new principal spreads']
}

/** Finds refused names anywhere in a file. */
function checkSettings(file: BicepFile): readonly Problem[] {
  const problems: Problem[] = []
  for (const node of walk(file.root)) {
    const key = node.type === 'object_property' ? bareText(node.namedChildren[0]) : ''
    if (refusedSettings.has(key)) {
      problems.push({ file: file.name, line: lineOf(node), message: `${key} must not be set on Flex Consumption` })
    }
  }
  return problems
}

function checkRoleIds(file: BicepFile): readonly Problem[] {
  return file.variables.flatMap(({ name, line, node }) => {
    const id = /'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'/i.exec(node.text)?.[1]
    if (id === undefined || roles[id] === name) return []
    return [
      { file: file.name, line, message: `${name} is ${id}, which is ${roles[id] ?? 'no role that is known here'}` },
    ]
  })
}
