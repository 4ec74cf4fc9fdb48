/**
 * What Azure's management plane prints, as settings: lists of accounts, deployments, quotas and policies from `az … -o json` or
 * raw, and templates. Both spellings of members, null and absent ones are read.
 */
import type { JsonObject } from '../../sim/base/object.ts'
import { findModel, isTree, modelNames, nearestNames, skus, tiersOf } from '../../sim/index.ts'
import { asAzSpells, isCutShort } from './spelling.ts'
import { deployedBy, isTemplate, type TemplateParameters } from './template.ts'

type Deployment = {
  readonly name: string
  readonly model: string
  readonly sku: string | undefined
  readonly capacity: number | undefined
  /** Where they are not those of its capacity. */
  readonly limits: { readonly tokensPerMinute: number; readonly requestsPerMinute: number } | undefined
  readonly spillover: string | undefined
  readonly tier: string | undefined
  readonly routing: { readonly mode: string | undefined; readonly models: readonly string[] } | undefined
  readonly policy: string | undefined
  readonly told: readonly string[]
}
type Account = {
  region: string | undefined
  kind: string | undefined
  host: string | undefined
  keys: readonly string[]
  readonly deployments: Map<string, Deployment>
}
type Quota = { readonly usageName: string; readonly used: number; readonly limit: number }

export type AzureFound = {
  readonly accounts: ReadonlyMap<string, Account>
  readonly quotas: readonly Quota[]
  /** Modes of content-filter policies by name. */
  readonly policies: ReadonlyMap<string, string>
  readonly unknownModels: ReadonlySet<string>
}

export class AzureReader {
  readonly accounts = new Map<string, Account>()
  readonly quotas: Quota[] = []
  readonly policies = new Map<string, string>()
  /** Of lists of models: those that the catalogue does not have. */
  readonly unknownModels = new Set<string>()
  private keys: readonly string[] = []
  private readonly parameters: TemplateParameters

  /** `parameters` are those of templates, as a file of parameters has them. */
  constructor(parameters: TemplateParameters = {}) {
    this.parameters = parameters
  }

  /** Whether there was anything of it in the document. */
  read(document: unknown): boolean {
    if (!isTree(document) || !isTemplate(document)) return this.readListed(asAzSpells(document), 0)
    const found = deployedBy(document, this.parameters)
    return found.map(({ type, value }) => this.one(type, value)).includes(true)
  }

  private readListed(document: unknown, depth: number): boolean {
    if (Array.isArray(document)) return document.map((each) => this.readListed(each, depth + 1)).includes(true)
    if (!isTree(document) || depth > 4) return false
    const list = document['value'] ?? document['data']
    if (Array.isArray(list)) return this.readListed(list, depth + 1)
    if (this.one(textOf(document['type']) ?? textOf(document['resourceType']) ?? '', document)) return true
    return depth < 2 && this.readListed(Object.values(document).filter(isTree), depth + 1)
  }

  /** Keys do not say whose they are: of one account alone it is known. */
  found(): AzureFound {
    const [only, ...others] = this.accounts.values()
    if (only && others.length === 0) only.keys = this.keys
    return this
  }

  private one(type: string, value: JsonObject): boolean {
    const properties = treeOf(value['properties'])
    if (typeof value['key1'] === 'string' && typeof value['key2'] === 'string') {
      this.keys = [value['key1'], value['key2']]
      return true
    }
    const listed = Array.isArray(value['skus']) ? value : treeOf(value['model'])
    if (Array.isArray(listed['skus']) && typeof listed['name'] === 'string') {
      if (listed['format'] === 'OpenAI' && !findModel(listed['name'])) this.unknownModels.add(listed['name'])
      return true
    }
    const isDeployment = type === '' && value['name'] != null
    if (/accounts\/deployments$/i.test(type) || (isDeployment && properties['model'] != null))
      return this.deployment(value, properties)
    if (/accounts\/raiPolicies$/i.test(type) || Array.isArray(properties['contentFilters'])) {
      this.policies.set(lastOf(textOf(value['name']) ?? ''), textOf(properties['mode']) ?? 'Default')
      return true
    }
    if (/CognitiveServices\/accounts$/i.test(type)) return this.account(value, properties)
    const usageName = textOf(treeOf(value['name'])['value']) ?? textOf(value['name'])
    if (usageName === undefined || typeof value['limit'] !== 'number') return false
    this.quotas.push({ usageName, used: Number(value['currentValue'] ?? 0), limit: value['limit'] })
    return true
  }

  private account(value: JsonObject, properties: JsonObject): boolean {
    const account = this.of(textOf(value['name']) ?? textOf(value['accountName']) ?? 'resource')
    account.region = regionOf(textOf(value['location']))
    account.kind = textOf(value['kind']) ?? textOf(value['accountType'])
    const endpoint = textOf(properties['endpoint']) ?? textOf(value['endpoint'])
    const host = endpoint === undefined ? undefined : URL.parse(endpoint)?.hostname
    account.host = host?.endsWith('.api.cognitive.microsoft.com') ? undefined : host
    return true
  }

  private deployment(value: JsonObject, properties: JsonObject): boolean {
    if (isCutShort(value['properties']) || isCutShort(properties['model']))
      throw new Error(
        `${textOf(value['name']) ?? 'a deployment'}: its model is not in the file: give ConvertTo-Json -Depth 10`,
      )
    const path = textOf(value['id']) ?? textOf(value['resourceId'])
    const full = textOf(value['name']) ?? ''
    const [inName, ...rest] = full.split('/')
    const account = /\/accounts\/([^/]+)\//i.exec(path ?? '')?.[1] ?? (rest.length > 0 ? inName : undefined)
    const name = lastOf(full)
    const scale = treeOf(properties['scaleSettings'])
    const sku = treeOf(value['sku'])
    const told: string[] = []
    const model = modelOf(treeOf(properties['model']), told)
    if (name === '' || model === undefined) return false
    const skuName = textOf(sku['name']) ?? textOf(scale['scaleType'])
    const isKnown = skuName === undefined || (skus as readonly string[]).includes(skuName)
    if (!isKnown) told.push(`${skuName} is no type of deployment that the simulator knows`)
    const state = textOf(properties['deploymentState'])
    if (state === 'Paused') told.push('is paused in Azure, and answers here')
    const made = textOf(properties['provisioningState'])
    if (made !== undefined && made !== 'Succeeded') told.push(`is ${made} in Azure, and answers here`)
    const tier = textOf(properties['serviceTier'])
    const isTier = (tier === 'Priority' && hasPriority(model)) || tier === 'Default'
    if (tier !== undefined && !isTier) told.push(`has the service tier ${tier}, which is not known of ${model}`)
    const has = numberOf(sku['capacity']) ?? numberOf(properties['currentCapacity']) ?? numberOf(scale['capacity'])
    const capacity = has !== undefined && has >= 1 ? has : undefined
    if (has !== undefined && capacity === undefined)
      told.push(`has the capacity ${has}, which answers nothing in Azure`)
    this.of(account ?? 'resource').deployments.set(name, {
      name,
      model,
      sku: isKnown ? skuName : undefined,
      capacity: isKnown && skuName !== undefined ? capacity : undefined,
      limits: tunedLimits(textOf(treeOf(properties['model'])['name']), skuName, capacity),
      spillover: textOf(properties['spilloverDeploymentName']),
      tier: isTier ? tier : undefined,
      routing: routingOf(properties['routing']),
      policy: textOf(properties['raiPolicyName']),
      told,
    })
    return true
  }

  private of(name: string): Account {
    const known = this.accounts.get(name)
    if (known) return known
    const made: Account = { region: undefined, kind: undefined, host: undefined, keys: [], deployments: new Map() }
    this.accounts.set(name, made)
    return made
  }
}

/** What was trained from gpt-4o and gpt-4o-mini has one request per 10 s for a unit, whatever they have (recorded April 2026). */
const tunedLimits = (model = '', sku = '', capacity = 0): Deployment['limits'] =>
  /^gpt-4o.*\.ft-/.test(model) && /^(?:Global)?Standard$/.test(sku) && capacity > 0
    ? { tokensPerMinute: 1_000 * capacity, requestsPerMinute: 6 * capacity }
    : undefined

/** As the catalogue has it; what is not in it is told, with the nearest names. */
function modelOf(model: JsonObject, told: string[]): string | undefined {
  const given = textOf(model['name'])
  if (given === undefined) return undefined
  const version = textOf(model['version'])
  const name = given.replace(/\.ft-.*$/, '')
  if (name !== given) told.push(`is fine-tuned: ${given}`)
  const exact = version === undefined || name !== given ? undefined : `${name}@${version}`
  if (exact !== undefined && findModel(exact)) return exact
  if (findModel(name)) {
    if (exact !== undefined) told.push(`version ${version} is not in the catalogue; the model's usual one is meant`)
    return name
  }
  told.push(
    `the model is not in the catalogue; the nearest names are ${nearestNames(name, modelNames(), 3).join(', ')}`,
  )
  return name
}

const hasPriority = (name: string): boolean => {
  const model = findModel(name)
  return model !== undefined && tiersOf(model).includes('priority')
}

/** Of a model router: its mode, and the models it chooses from, as names or as models. */
function routingOf(value: unknown): Deployment['routing'] {
  if (!isTree(value)) return undefined
  const mode = textOf(value['mode'])?.toLowerCase()
  const models = Array.isArray(value['models']) ? (value['models'] as readonly unknown[]) : []
  return { mode, models: models.flatMap((each) => modelOf(isTree(each) ? each : { name: each }, []) ?? []) }
}

const treeOf = (value: unknown): JsonObject => (isTree(value) ? value : {})
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
/** Also where it was written as a text, as in parameters of templates. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  return typeof value === 'number' ? value : undefined
}
const lastOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

const directions =
  /^(north|south|east|west|central)?(central|east|west|north|south)?(us|europe|india|asia|uk|france|germany|japan|korea|australia|brazil|canada|switzerland|norway|sweden|poland|spain|italy|uae|southafrica)(central|east|west|north|south)?(\d)?$/

/** As the service's headers name it: `eastus2` is East US 2. */
function regionOf(location: string | undefined): string | undefined {
  const parts = directions.exec(location?.toLowerCase().replaceAll(' ', '') ?? '')
  if (!parts) return location
  const word = (part: string) =>
    ['us', 'uk', 'uae'].includes(part)
      ? part.toUpperCase()
      : part === 'southafrica'
        ? 'South Africa'
        : part.charAt(0).toUpperCase() + part.slice(1)
  return parts
    .slice(1)
    .filter((part) => Boolean(part))
    .map(word)
    .join(' ')
}
