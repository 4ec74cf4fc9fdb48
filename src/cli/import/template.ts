/** What an ARM template, or one compiled from Bicep, deploys: its resources with their names and values worked out. */
import { isTree } from '../../sim/index.ts'
import { evaluated, type TemplateScope } from './expression.ts'

export type Deployed = { readonly type: string; readonly value: Readonly<Record<string, unknown>> }

export const isTemplate = (document: unknown): document is Readonly<Record<string, unknown>> =>
  isTree(document) &&
  ((typeof document['$schema'] === 'string' && /deploymentTemplate/i.test(document['$schema'])) ||
    (document['contentVersion'] !== undefined && document['resources'] !== undefined))

/** Values of parameters, by their names in small letters. */
export type TemplateParameters = Readonly<Record<string, unknown>>

/** What a file of parameters gives; undefined of another file. */
export function parametersIn(document: unknown): TemplateParameters | undefined {
  if (!isTree(document) || !/deploymentParameters/i.test(String(document['$schema']))) return undefined
  return passedIn(document['parameters'], (value) => value)
}

const passedIn = (parameters: unknown, read: (value: unknown) => unknown): TemplateParameters =>
  Object.fromEntries(
    Object.entries(treeOf(parameters)).map(([name, one]) => [name.toLowerCase(), read(treeOf(one)['value'])]),
  )

/** Loops and nested templates are followed. `outer` is the scope of the template that this one is nested in and shares. */
export function deployedBy(
  template: Readonly<Record<string, unknown>>,
  given: TemplateParameters = {},
  outer?: TemplateScope,
): readonly Deployed[] {
  const parameters: Record<string, unknown> = { ...outer?.parameters }
  const variables: Record<string, unknown> = { ...outer?.variables, ...treeOf(template['variables']) }
  const scope: TemplateScope = { parameters, variables, index: outer?.index ?? 0 }
  for (const [name, declared] of Object.entries(treeOf(template['parameters'])))
    parameters[name] = Object.hasOwn(given, name.toLowerCase())
      ? given[name.toLowerCase()]
      : evaluated(treeOf(declared)['defaultValue'], scope)
  const { copy } = variables
  for (const loop of (Array.isArray(copy) ? (copy as readonly unknown[]) : []).filter(isTree))
    variables[String(loop['name'])] = times(loop['count'], scope, (index) =>
      evaluated(loop['input'], { ...scope, index }),
    )
  return resourcesOf(template['resources'], scope, undefined)
}

/** A list, or by symbolic name. Children stand within their parent, too. */
function resourcesOf(resources: unknown, scope: TemplateScope, parent: Deployed | undefined): readonly Deployed[] {
  const list = Array.isArray(resources) ? resources : Object.values(treeOf(resources))
  return list.filter(isTree).flatMap((resource) => {
    if (resource['existing'] === true) return []
    const { copy } = resource
    if (!isTree(copy)) return oneOf(resource, scope, parent)
    return times(copy['count'], scope, (index) => oneOf(resource, { ...scope, index }, parent)).flat()
  })
}

function times<T>(count: unknown, scope: TemplateScope, make: (index: number) => T): readonly T[] {
  const length = Math.min(1_000, Number(evaluated(count ?? 0, scope)) || 0)
  return Array.from({ length: Math.max(0, length) }, (_, index) => make(index))
}

function oneOf(
  resource: Readonly<Record<string, unknown>>,
  scope: TemplateScope,
  parent: Deployed | undefined,
): readonly Deployed[] {
  if (evaluated(resource['condition'], scope) === false) return []
  const type = String(resource['type'])
  const { resources: children, ...own } = resource
  if (/^Microsoft\.Resources\/deployments$/i.test(type)) {
    const properties = treeOf(resource['properties'])
    const inner = treeOf(properties['template'])
    const passed = passedIn(properties['parameters'], (value) => evaluated(value, scope))
    const isInner = /^inner$/i.test(String(treeOf(properties['expressionEvaluationOptions'])['scope']))
    return isTemplate(inner) ? deployedBy(inner, passed, isInner ? undefined : scope) : []
  }
  const value = treeOf(evaluated(own, scope))
  const isNested = parent !== undefined && !type.includes('Microsoft.')
  const deployed: Deployed = {
    type: isNested ? `${parent.type}/${type}` : type,
    value: isNested ? { ...value, name: `${String(parent.value['name'])}/${String(value['name'])}` } : value,
  }
  return [deployed, ...resourcesOf(children, scope, deployed)]
}

const treeOf = (value: unknown): Readonly<Record<string, unknown>> => (isTree(value) ? value : {})
