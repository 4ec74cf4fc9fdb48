/** The JSON schema of `/++/config`, for whoever builds a form on it or checks a change before it is sent. */
import { valueSchemaAt } from '../config/schema-parts.ts'
import { put, type Path, type Tree } from '../config/tree.ts'
import { rows } from './vocabulary.ts'

/** Of a change: everything may be left out, and null takes back what was set. */
export function controlJsonSchema(): Tree {
  const root = objectSchema()
  for (const { document, setting } of rows) place(root, document, orNull(valueSchemaAt(setting)))
  const readOnly = { readOnly: true, description: 'Read-only; describes this instance.' }
  put(root.properties, 'version', { type: 'string', ...readOnly })
  put(root.properties, 'sharing', { type: 'object', ...readOnly })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A change of the configuration, as PATCH /++/config takes it',
    ...root,
  }
}

type ObjectSchema = {
  readonly type: 'object'
  readonly properties: Record<string, unknown>
  additionalProperties: unknown
}

const objectSchema = (): ObjectSchema => ({ type: 'object', properties: {}, additionalProperties: false })

const isObjectSchema = (value: unknown): value is ObjectSchema =>
  typeof value === 'object' && value !== null && 'properties' in value

const orNull = (schema: Tree) => ({ anyOf: [schema, { type: 'null' }] })

/** What is below a name that may be any is said of all of them. */
function place(parent: ObjectSchema, [key = '', ...rest]: Path, schema: unknown): void {
  const isAny = key === '*'
  const there = isAny ? parent.additionalProperties : parent.properties[key]
  const held: unknown =
    rest.length === 0 ? schema : there === undefined || there === false ? orNull(objectSchema()) : there
  if (isAny) parent.additionalProperties = held
  else put(parent.properties, key, held)
  if (rest.length === 0) return
  const [inner] = (held as { readonly anyOf: readonly unknown[] }).anyOf
  if (isObjectSchema(inner)) place(inner, rest, schema)
}
