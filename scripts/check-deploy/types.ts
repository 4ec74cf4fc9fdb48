/** Compares what the Bicep files declare with Azure's published types, an excerpt of which is kept beside this file. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { closest } from 'fastest-levenshtein'
import type { BicepFile, Member, Resource, Value } from './bicep.ts'
import type { Problem } from './problem.ts'

type Properties = Readonly<Record<string, string>>
type ResourceType = {
  readonly scopes: string
  readonly properties: Properties
  readonly types: Readonly<Record<string, Properties>>
}
export type AzureTypes = Readonly<Record<string, ResourceType>>

/** By type and version, as `Microsoft.Web/sites@2024-11-01`. */
export function readAzureTypes(): AzureTypes {
  const read = (name: string) =>
    (JSON.parse(readFileSync(path.join(import.meta.dirname, name), 'utf8')) as { resources: AzureTypes }).resources
  return { ...read('azure-types.json'), ...read('azure-types-more.json') }
}

export function checkTypes(file: BicepFile, azure: AzureTypes): readonly Problem[] {
  return file.resources.flatMap((resource) => {
    const found = azure[`${resource.type}@${resource.version}`]
    const at = { file: file.name, line: resource.line }
    if (!found) return [{ ...at, message: unknownType(resource, azure) }]
    const check = new Check(file.name, found)
    check.resource(resource, file)
    return check.problems
  })
}

function unknownType({ type, version }: Resource, azure: AzureTypes): string {
  const versions = Object.keys(azure).filter((name) => name.startsWith(`${type}@`))
  if (versions.length > 0) return `${type} has no version ${version} among the types known here: ${versions.join(', ')}`
  return `no type ${type} is known here; the nearest is ${closest(type, Object.keys(azure))}`
}

/** Those that Bicep itself reads. */
const bicepMembers = new Set(['parent', 'scope', 'dependsOn'])

class Check {
  readonly problems: Problem[] = []
  readonly #file: string
  readonly #type: ResourceType

  constructor(file: string, type: ResourceType) {
    this.#file = file
    this.#type = type
  }

  resource(resource: Resource, file: BicepFile): void {
    const { body, isExisting, type, line } = resource
    if (body.kind !== 'object') return
    const members = body.members.filter(({ name }) => !bicepMembers.has(name))
    const { properties, scopes } = this.#type
    const settable = isExisting ? { name: properties['name'] ?? 'string!' } : properties
    this.#object({ ...body, members }, settable, type)
    this.#parent(resource, file)
    if (isExisting) return
    const has = (name: string) => body.members.some((member) => member.name === name)
    if (has('scope') && scopes !== 'AllExceptExtension') this.#add(line, `${type} takes no scope`)
    const isHere = scopes === 'AllExceptExtension' || scopes.toLowerCase().includes(file.scope.toLowerCase())
    if (!isHere) this.#add(line, `${type} is made in ${scopes}, but this file deploys to a ${file.scope}`)
  }

  #parent({ body, type, line, isExisting }: Resource, file: BicepFile): void {
    const above = type.split('/').slice(0, -1).join('/')
    if (!above.includes('/') || body.kind !== 'object') return
    const said = body.members.find(({ name }) => name === 'parent')?.value
    const parent = said?.kind === 'unknown' ? file.resources.find(({ name }) => name === said.source) : undefined
    if (!parent) {
      if (!isExisting) this.#add(line, `${type} needs a parent of the type ${above}`)
    } else if (parent.type !== above) this.#add(line, `its parent ${parent.name} is not of the type ${above}`)
  }

  #object(value: Value & { kind: 'object' }, properties: Properties, what: string): void {
    for (const member of value.members) {
      const type = properties[member.name] ?? properties['*']
      if (type !== undefined) this.#member(member, type)
      else if (!member.name.includes('${')) {
        const names = Object.keys(properties).filter((name) => name !== '*')
        const hint = names.length > 0 ? `; the nearest is ${closest(member.name, names)}` : ''
        this.#add(member.line, `${what} has no property ${member.name}${hint}`)
      }
    }
    if (value.isOpen) return
    const given = new Set(value.members.map(({ name }) => name))
    for (const [name, type] of Object.entries(properties))
      if (type.endsWith('!') && !given.has(name)) this.#add(value.line, `${what} needs its property ${name}`)
  }

  #member({ name, value }: Member, type: string): void {
    const isRequired = type.endsWith('!')
    if (value.kind === 'null' && !isRequired) return
    this.#value(value, isRequired ? type.slice(0, -1) : type, name)
  }

  #value(value: Value, type: string, name: string): void {
    if (value.kind === 'either') {
      for (const one of value.values) if (one.kind !== 'null') this.#value({ ...one, line: value.line }, type, name)
      return
    }
    if (type === 'any' || type === 'object') return
    const wrong = (wanted: string) => this.#add(value.line, `${name} is ${saidOf(value)}, but must be ${wanted}`)
    const isOf = (kind: Value['kind'], ...types: string[]) =>
      value.kind === kind || (value.kind === 'unknown' && (value.type === undefined || types.includes(value.type)))

    if (type.endsWith('[]')) {
      if (!isOf('list', 'array')) wrong('a list')
      else if (value.kind === 'list') for (const item of value.items) this.#value(item, type.slice(0, -2), name)
      return
    }
    const named = this.#type.types[type]
    if (named) {
      if (value.kind === 'object') this.#object(value, named, type)
      else if (!isOf('object', 'object')) wrong(`an object (${type})`)
      return
    }
    const [kind, wanted] = plain[type] ?? (['text', 'a text'] as const)
    if (!isOf(kind, type in plain ? type : 'string')) {
      wrong(wanted)
      return
    }
    if (type in plain || value.kind !== 'text') return
    // An enumeration that ends in `string` may grow; what is used here is known all the same.
    const allowed = type.split(' | ').filter((word) => word !== 'string')
    if (!allowed.includes(value.text)) wrong(`one of ${allowed.join(', ')}`)
  }

  #add(line: number, message: string): void {
    this.problems.push({ file: this.#file, line, message })
  }
}

/** What a plain type is written as, and called. */
const plain: Readonly<Record<string, readonly [Value['kind'], string]>> = {
  string: ['text', 'a text'],
  int: ['number', 'a whole number'],
  bool: ['flag', 'true or false'],
}

function saidOf(value: Value): string {
  if (value.kind === 'unknown') return `of the type ${value.type ?? 'any'}`
  if (value.kind === 'text') return `'${value.text}'`
  return 'text' in value ? value.text : `a ${value.kind}`
}
