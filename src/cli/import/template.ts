/** What an ARM template, or one compiled from Bicep, deploys: its resources with their names and values worked out. */
import { isTree } from '../../sim/index.ts'
import { evaluated, type TemplateScope } from './expression.ts'

export type Deployed = { readonly type: string; readonly value: Readonly<Record<string, unknown>> }

export const isTemplate = (document: unknown): document is Readonly<Record<string, unknown>> =>
  isTree(document) &&
  ((typeof document['$schema'] === 'string' && /deploymentTemplate/i.test(document['$schema'])) ||
    (document['contentVersion'] !== undefined && document['resources'] !== undefined))

/** Loops and nested templates are followed. */
export function deployedBy(
  template: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>> = {},
): readonly Deployed[] {
  const parameters: Record<string, unknown> = {}
  const scope: TemplateScope = { parameters, variables: treeOf(template['variables']), index: 0 }
  for (const [name, declared] of Object.entries(treeOf(template['parameters'])))
    parameters[name] = name in given ? given[name] : evaluated(treeOf(declared)['defaultValue'], scope)
  return resourcesOf(template['resources'], scope, undefined)
}

/** A list, or by symbolic name. Children stand within their parent, too. */
function resourcesOf(resources: unknown, scope: TemplateScope, parent: Deployed | undefined): readonly Deployed[] {
  const list = Array.isArray(resources) ? resources : Object.values(treeOf(resources))
  return list.filter(isTree).flatMap((resource) => {
    if (resource['existing'] === true || resource['condition'] === false) return []
    const count = Number(evaluated(treeOf(resource['copy'])['count'] ?? 1, scope))
    return Array.from({ length: Math.min(1_000, count || 0) }, (_, index) =>
      oneOf(resource, { ...scope, index }, parent),
    ).flat()
  })
}

function oneOf(
  resource: Readonly<Record<string, unknown>>,
  scope: TemplateScope,
  parent: Deployed | undefined,
): readonly Deployed[] {
  const type = String(resource['type'])
  const { resources: children, ...own } = resource
  if (/^Microsoft\.Resources\/deployments$/i.test(type)) {
    const properties = treeOf(resource['properties'])
    const inner = treeOf(properties['template'])
    const passed = Object.entries(treeOf(properties['parameters'])).map(
      ([name, value]) => [name, evaluated(treeOf(value)['value'], scope)] as const,
    )
    return isTemplate(inner) ? deployedBy(inner, Object.fromEntries(passed)) : []
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
