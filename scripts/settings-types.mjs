/** The settings as types of TypeScript, from their JSON schema: for tests that start the simulator, in their editors. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)

/** @typedef {{ readonly [key: string]: any }} Schema */

/** Of these the kit has types of its own. @type {Record<string, string>} */
const own = {
  rules: "readonly import('./types.js').Rule[]",
  resources:
    'Readonly<Record<string, Settings & { readonly apiKeys?: readonly string[]; readonly hosts?: readonly string[]; readonly region?: string }>>',
  timeline:
    "{ readonly start?: 'firstRequest' | 'start' | 'manual'; readonly repeat?: boolean; readonly phases: readonly (Settings & { readonly name: string; readonly for?: string; readonly region?: string; readonly resources?: Readonly<Record<string, Settings>> })[] }",
}

/** The text of a `.d.ts`. */
export function settingsTypes() {
  const schema = JSON.parse(readFileSync(path.join(root, 'docs/sim.schema.json'), 'utf8'))
  const members = Object.entries(schema.properties).map(([name, each]) => member(name, each, '  ', own[name]))
  return `/** As in \`sim.yaml\`. */\nexport type Settings = {\n${members.join('')}}\n`
}

/** @param {string} name @param {Schema} schema @param {string} indent @param {string} [type] */
function member(name, schema, indent, type = typeOf(schema, indent)) {
  const told =
    typeof schema.description === 'string' ? `${indent}/** ${schema.description.replaceAll('*/', '* /')} */\n` : ''
  return `${told}${indent}readonly ${JSON.stringify(name)}?: ${type}\n`
}

/** @param {Schema} schema @param {string} indent @returns {string} */
function typeOf(schema, indent) {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (Array.isArray(schema.anyOf))
    return [...new Set(schema.anyOf.map((/** @type {Schema} */ each) => typeOf(each, indent)))].join(' | ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type }, indent)).join(' | ')
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    case 'number':
    case 'integer':
      return 'number'
    case 'array':
      return `readonly (${typeOf(schema.items ?? {}, indent)})[]`
    case 'object':
      return objectOf(schema, indent)
    default:
      return 'unknown'
  }
}

/** @param {Schema} schema @param {string} indent */
function objectOf({ properties, additionalProperties }, indent) {
  const inner = `${indent}  `
  if (properties)
    return `{\n${Object.entries(properties)
      .map(([name, each]) => member(name, each, inner))
      .join('')}${indent}}`
  return `Readonly<Record<string, ${typeOf(additionalProperties ?? {}, indent)}>>`
}
