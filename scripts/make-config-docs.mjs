/**
 * Writes `docs/config.md` and `docs/sim.schema.json` from the one declaration of the settings in `src/sim/config`.
 * `test/config-docs.test.ts` fails when they are not current.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { startOnlyPaths } from '../src/sim/config/declared.ts'
import { configJsonSchema } from '../src/sim/config/schema-parts.ts'
import { modelSpellings } from '../src/sim/models/catalogue.ts'
import { variables } from '../src/sim/config/variables.ts'

const root = path.dirname(import.meta.dirname)

/** @typedef {{ readonly [key: string]: any }} Schema */

/** @returns {Record<string, string>} the text of each document by its name below the root */
export function configDocs() {
  const schema = /** @type {Schema} */ (configJsonSchema(modelSpellings()))
  return {
    'docs/config.md': page(schema),
    'docs/sim.schema.json': `${JSON.stringify(schema, undefined, 2)}\n`,
  }
}

/** @param {Schema} schema */
function page(schema) {
  const rows = [...settings(schema, [])].map(
    ({ name, type, fallback, meaning }) =>
      `| \`${name}\` | ${variableOf(name)} | ${type} | ${fallback} | ${isStartOnly(name) ? 'no' : 'yes'} | ${meaning.replaceAll('|', '\\|')} |`,
  )
  return `# Settings

Made from the declarations in \`src/sim/config/\` by \`node scripts/make-config-docs.mjs\`; do not edit it by hand.

In \`sim.yaml\`, each dot of a name is one level of the file. Flags beat the environment, the environment beats the file,
and the file beats the default. Settings with a yes under "at run time" can be changed by \`PATCH /++/settings\` while the
simulator runs; the others are read at the start only. For completion and checks in your editor, name the schema:

\`\`\`yaml
# yaml-language-server: $schema=docs/sim.schema.json
\`\`\`

Durations carry their unit, and may carry a standard deviation: \`250ms\`, \`2s\`, \`400ms ± 80ms\`. Latencies may be given by
percentiles, too: \`{ p50: 400ms, p95: 900ms }\`, with \`p99\` or a \`tail\` (\`1.5%\`) where some are much longer.

| setting | environment variable | type | default | at run time | meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Two variables name files: \`SIMULATOR_CONFIG_PATH\` (this file, as \`--config\` does), and \`OPENAI_DEPLOYMENT_CONFIG_PATH\`
(the Python simulator's JSON file of deployments).
`
}

/**
 * @param {Schema} schema
 * @param {readonly string[]} at
 * @returns {Generator<{ name: string, type: string, fallback: string, meaning: string }>}
 */
function* settings(schema, at) {
  const members = Object.entries(/** @type {Record<string, Schema>} */ (schema['properties'] ?? {}))
  for (const [key, member] of members) {
    const here = [...at, key]
    /** @type {Schema} */
    const inner = isTree(member['additionalProperties']) ? member['additionalProperties'] : member
    const name = inner === member ? here : [...here, '*']
    if (inner['properties'] && !('p50' in inner['properties'])) {
      yield* settings(inner, name)
      continue
    }
    const fallback = member['default'] === undefined ? '–' : `\`${textOf(member['default'])}\``
    yield { name: here.join('.'), type: kindOf(member), fallback, meaning: member['description'] ?? '' }
  }
}

/** @param {unknown} value */
const isTree = (value) => typeof value === 'object' && value !== null

/** @param {unknown} value */
const textOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value))

/** @param {Schema} schema @returns {string} */
function kindOf(schema) {
  if (schema['enum']) return schema['enum'].map((/** @type {string} */ word) => `\`${word}\``).join(', ')
  if (schema['anyOf']) return [...new Set(schema['anyOf'].map(kindOf))].join(' or ')
  if (schema['pattern']?.includes('ms')) return 'a duration'
  if (schema['type'] === 'array') return 'a list'
  if (schema['type'] === 'object') return 'a mapping'
  return schema['type'] === 'integer' ? 'a whole number' : `a ${schema['type'] ?? 'text'}`
}

/** @param {string} name */
const isStartOnly = (name) => startOnlyPaths.some((at) => name === at.join('.') || name.startsWith(`${at.join('.')}.`))

/** @param {string} name */
function variableOf(name) {
  const names = variables
    .filter(({ path: at }) => at && (at.join('.') === name || at.slice(0, -1).join('.') === name))
    .map((variable) => `\`${variable.name}\``)
  return names.join(', ') || '–'
}

if (process.argv[1] === import.meta.filename)
  for (const [name, text] of Object.entries(configDocs())) writeFileSync(path.join(root, name), text)
