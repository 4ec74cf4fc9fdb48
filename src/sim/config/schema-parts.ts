/** What can be read off the schema besides the check itself: its parts made optional, its defaults, its JSON schema. */
import * as z from 'zod'
import { durationPattern } from './duration.ts'
import { Settings } from './schema.ts'
import { isTree, put, type Path, type Tree } from './tree.ts'

/** For one source, which says only some of it: every key may be absent, or null to undo what lower sources say. */
export const PartialSettings: z.ZodType = partial(Settings)

/** What holds where no source says anything. */
export const defaultSettings: Tree = defaultsOf(Settings)

/**
 * For editors: `# yaml-language-server: $schema=…`. `models` are all names of models, in canonical form; without them any
 * text is one.
 */
export function configJsonSchema(models: readonly string[] = []): Tree {
  const schema: Tree = z.toJSONSchema(Settings, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // A file need not say all; only a deployment without a model says too little, and what stands in a list.
      const needed = needs.filter((name) => jsonSchema.required?.includes(name))
      if (needed.length > 0) jsonSchema.required = needed
      else delete jsonSchema.required
      const meta = z.globalRegistry.get(zodSchema)
      if (meta?.default !== undefined) jsonSchema.default = meta.default
      if (meta?.isModel === true && models.length > 0) jsonSchema.pattern = patternOf(models)
      for (const key of ours) Reflect.deleteProperty(jsonSchema, key)
      if (zodSchema._zod.def.type === 'pipe') asWritten(jsonSchema)
    },
  })
  return { ...schema, title: 'Configuration of aoai-simulated-api' }
}

/** What a declaration says that is no matter of JSON schema. */
const ours = ['secret', 'env', 'fromEnv', 'python', 'startOnly', 'filePath', 'isModel']

/** In any case, with the signs between words that `canonicalName` takes, and with OpenAI's name of `gpt-35`. */
const patternOf = (models: readonly string[]): string => `^(?:${models.map(spelling).join('|')})$`

const spelling = (name: string): string =>
  name
    .replaceAll(/[.+()]/g, '\\$&')
    .replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)
    .replaceAll('-', '[-_@:\\s]')
    .replaceAll('35', '3\\.?5')

/** Of a deployment, of a rule of the content filter and of its citation, of a rule, and of a call of a tool. */
const needs = ['model', 'category', 'url', 'license', 'then', 'name']

/** A duration as a file gives it: a text, and not what the text is read as. */
function asWritten(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const { properties } = jsonSchema
  const isSpread = properties !== undefined && 'meanMs' in properties
  for (const key of ['type', 'properties', 'additionalProperties']) Reflect.deleteProperty(jsonSchema, key)
  const { each, ...parts } = properties ?? {}
  if (isSpread) Object.assign(jsonSchema, { ...percentilesSchema, type: ['string', 'object'] })
  else if ('chatCompletions' in parts)
    Object.assign(jsonSchema, { type: ['object', 'string'], properties: parts, additionalProperties: false })
  else if (typeof each !== 'object') jsonSchema.type = 'string'
  else {
    jsonSchema.anyOf = [each, { type: 'object', properties: parts, additionalProperties: false }]
  }
}

const percentilesSchema: z.core.JSONSchema.BaseSchema = {
  properties: {
    p50: { type: 'string', pattern: durationPattern, description: 'Median.' },
    p95: { type: 'string', pattern: durationPattern, description: '95th percentile.' },
    p99: { type: 'string', pattern: durationPattern, description: '99th percentile.' },
    tail: {
      anyOf: [{ type: 'string', pattern: String.raw`^\d+(\.\d+)? ?%$` }, { type: 'number' }],
      description: 'Share that takes far longer, up to 4%; in place of p99.',
    },
  },
  required: ['p50', 'p95'],
  additionalProperties: false,
}

/** The names that may stand at `path`; `undefined` where any may, or none. */
export function namesAt(path: Path): readonly string[] | undefined {
  const schema = schemaAt(path)
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((name) => name !== 'each') : undefined
}

/** What a flag says for answers at once, over what `below` says: no wait of any kind, also of recorded answers. */
export function noLatency(below: Tree): Tree {
  const none = { meanMs: 0, stdDevMs: 0 }
  const { factor: _factor, profile: _profile, ...latency } = defaultSettings.latency as Tree
  const { deployments } = below
  const off = (value: unknown) =>
    isTree(value) && 'interToken' in value ? { interToken: none, timeToFirstToken: none } : none
  const each = (tree: unknown, change: (value: unknown) => unknown) =>
    Object.fromEntries(Object.entries(isTree(tree) ? tree : {}).map(([name, value]) => [name, change(value)]))
  return {
    latency: each(latency, off),
    deployments: each(deployments, () => ({ latency: null })),
    contentFilter: { delivery: null },
    replay: { speed: 0 },
  }
}

export function isSecretAt(path: Path): boolean {
  return schemaAt(path, false)?.meta()?.secret === true
}

/** Of one value, as it is once it is read: a duration's mean is a number. */
export function valueSchemaAt(path: Path): Tree {
  const schema = schemaAt(path)
  if (!schema) throw new TypeError(`there is no setting ${path.join('.')}`)
  const { $schema: _, ...found }: Tree = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      for (const key of ours) Reflect.deleteProperty(jsonSchema, key)
    },
  })
  const { description } = schemaAt(path, false)?.meta() ?? {}
  return { ...found, ...(description !== undefined && { description }) }
}

function schemaAt(path: Path, isBare = true): z.ZodType | undefined {
  let schema: z.ZodType | undefined = Settings
  for (const key of path) {
    schema = partOf(bare(schema), key)
    if (!schema) return undefined
  }
  return isBare ? bare(schema) : schema
}

/** What stands at `key` of a mapping or of a list. */
export function partOf(schema: z.ZodType, key: string): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? asType(schema.shape[key]) : undefined
  if (schema instanceof z.ZodRecord) return asType(schema.valueType)
  return schema instanceof z.ZodArray ? asType(schema.element) : undefined
}

/** Without what only wraps it: optional, default, and the reading of texts before it. */
export function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(asType(schema.def.innerType))
  if (schema instanceof z.ZodPipe) return bare(asType(schema.def.out))
  return schema
}

function partial(schema: z.ZodType): z.ZodType {
  const meta = schema.meta()
  const made = partialOf(schema)
  return meta ? made.meta(meta) : made
}

function partialOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return partial(asType(schema.def.innerType))
  if (schema instanceof z.ZodPipe) return z.pipe(asType(schema.def.in), partial(asType(schema.def.out)))
  if (schema instanceof z.ZodRecord) {
    const names = schema.keyType
    // Made when there is one: most starts have no resources, quotas or filters of their own.
    const value = z.lazy(() => partial(asType(schema.valueType)))
    return z.record(names, value.nullable(), { error: 'a mapping' })
  }
  if (!(schema instanceof z.ZodObject)) return schema
  const entries = Object.entries(schema.shape).map(([key, part]) => [key, partial(asType(part)).nullish()] as const)
  return z.strictObject(Object.fromEntries(entries), { error: 'a mapping' })
}

function defaultsOf(schema: z.ZodType): Tree {
  const tree: Record<string, unknown> = {}
  const object = schema instanceof z.ZodObject ? schema : undefined
  for (const [key, part] of Object.entries(object?.shape ?? {})) {
    const type = asType(part)
    const value: unknown = type.meta()?.default
    if (value !== undefined) put(tree, key, value)
    else {
      const inner = type instanceof z.ZodPipe ? bare(type) : type
      if (inner instanceof z.ZodObject && !('meanMs' in inner.shape)) put(tree, key, defaultsOf(inner))
    }
  }
  return tree
}

/** Everything in the schema is made by zod's classic API, whose types name the core's in some places. */
function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema
  throw new TypeError('a part of the settings is not a zod schema')
}
