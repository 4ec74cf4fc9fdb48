/**
 * `GET /++/openapi.json`: what is simulated, for tools that read such descriptions. It is made of the operations and of the
 * schemas that check their bodies. It lies below `/++/`, as all that is the simulator's own does: any other path may be the
 * service's, today or with a later version, and in record mode it is.
 */
import * as z from 'zod'
import { datedVersions } from '../base/dated-versions.ts'
import { isObject, type JsonObject } from '../base/object.ts'
import { families } from '../families/index.ts'
import { routesOf } from '../http/router.ts'
import type { AnyOperation, Family, Route } from '../operation.ts'
import { operations } from '../operations/index.ts'

let made: JsonObject | undefined

/** The same for every resource. */
export const openApi = (): JsonObject => (made ??= makeOpenApi())

function makeOpenApi(): JsonObject {
  const schemas: Record<string, unknown> = { Error: errorSchema }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    if (operation.isInner) continue
    for (const [at, route] of routesOf(operation, families).entries()) {
      const family = families.find(({ name }) => name === route.surface)
      const path = route.template.replaceAll('{...', '{')
      const told = { operation, route, family, id: `${operation.name}_${route.surface}${at === 0 ? '' : `_${at + 1}`}` }
      paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described(told, schemas) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'aoai-simulated-api',
      version: 'v1',
      description:
        'What is simulated of Azure OpenAI and of what is beside it. Answers to a stream are server-sent events.',
    },
    servers: [{ url: '..' }],
    security: [{ key: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'api-key' } },
    },
  }
}

type Told = {
  readonly operation: AnyOperation
  readonly route: Route
  readonly family: Family | undefined
  readonly id: string
}

function described({ operation, route, family, id }: Told, schemas: Record<string, unknown>): JsonObject {
  const { name, accepts, isOpen } = operation
  const inPath = [...route.template.matchAll(/\{(?:\.\.\.)?([\w.]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }))
  const named = (kind: 'Json' | 'Form', schema: () => z.ZodType) => {
    const key = `${name}${kind}`
    schemas[key] ??= schemaOf(schema(), `#/components/schemas/${key}`)
    return { schema: { $ref: `#/components/schemas/${key}` } }
  }
  const content = {
    ...(accepts?.json && { 'application/json': named('Json', accepts.json) }),
    ...(accepts?.form && { 'multipart/form-data': named('Form', accepts.form) }),
  }
  return {
    operationId: id,
    tags: [route.surface],
    ...(isOpen && { security: [] }),
    parameters: [...inPath, ...(family ? versionOf(family) : [])],
    ...(accepts && { requestBody: { required: operation.scope === 'deployment', content } }),
    responses: {
      '200': { description: 'The answer', content: { '*/*': {} } },
      default: {
        description: 'An error, as this part of the service words it',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

/** The version as the family wants it: in the query, in a header, or not at all. */
function versionOf({ hasDatedVersions, versions, versionHeader }: Family): readonly JsonObject[] {
  const names = hasDatedVersions ? [...datedVersions].sort() : versions
  const place = versionHeader ? { name: versionHeader, in: 'header' } : { name: 'api-version', in: 'query' }
  return names ? [{ ...place, required: true, schema: { enum: names } }] : []
}

/** Families and parts of the service each have their own members beside these, and some another shape. */
const errorSchema = { type: 'object' }

/** `place` is where it lies in the description: what a schema says of itself is said from there. */
function schemaOf(schema: z.ZodType, place: string): unknown {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return placed(json, place)
}

function placed(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((item) => placed(item, place))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, member]) => {
    const isOwn = key === '$ref' && typeof member === 'string' && member.startsWith('#')
    return [key, isOwn ? place + member.slice(1) : placed(member, place)] as const
  })
  return Object.fromEntries(members)
}
