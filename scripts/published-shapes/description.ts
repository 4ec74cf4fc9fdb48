/** Validates answers against a published description (OpenAPI 3), with short messages. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'

type Schema = {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly additionalProperties?: unknown
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>
type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses?: Record<string, { content?: Content }> }>>>
  >
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export type Description = {
  /** Every path with its methods. */
  readonly routes: readonly string[]
  readonly schemas: readonly string[]
  /** Where the schema of an answer is; of what a stream is made of with `text/event-stream`. */
  readonly answerOf: (method: string, path: string, status: number, type: string) => string | undefined
  /** What is wrong with a value, and which members it has that the description does not name. */
  readonly judge: (
    pointer: string,
    value: unknown,
  ) => { readonly wrong: readonly string[]; readonly more: readonly string[] }
}

const step = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

export function readDescription(file: string): Description {
  const text = readFileSync(file, 'utf8')
  const document = as31(file.endsWith('.json') ? JSON.parse(text) : load(text)) as Document
  const ajv = new Ajv2020({ strict: false, allErrors: false, logger: false })
  addFormats.default(ajv)
  ajv.addSchema(document, 'api')
  const validators = new Map<string, (value: unknown) => boolean>()
  const isValid = (pointer: string, value: unknown): boolean => {
    let validate = validators.get(pointer)
    if (validate === undefined) {
      const path = pointer.split('/').map(encodeURIComponent).join('/')
      validate = ajv.compile({ $ref: `api#${path}` })
      validators.set(pointer, validate)
    }
    return validate(value)
  }

  const at = (pointer: string): Schema | undefined =>
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[unescaped(name)], document) as
      Schema | undefined
  /** The pointer behind all references. */
  const behind = (pointer: string): string => {
    const ref = at(pointer)?.$ref
    return ref === undefined ? pointer : behind(ref.slice(1))
  }
  const branchesOf = (pointer: string): readonly string[] => {
    const schema = at(pointer) ?? {}
    return [...(schema.anyOf ?? []).keys()].map((place) => behind(`${pointer}/anyOf/${place}`))
  }
  /** Every object schema that a value of this one has the members of. */
  const partsOf = (start: string, value: unknown): readonly string[] => {
    const pointer = behind(start)
    const all = [...(at(pointer)?.allOf ?? []).keys()].map((place) => `${pointer}/allOf/${place}`)
    const branches = branchesOf(pointer)
    const fitting = branches.filter((branch) => isValid(branch, value))
    return [pointer, ...[...all, ...fitting].flatMap((one) => partsOf(one, value))]
  }
  const saysOtherType = (start: string, value: unknown): boolean => {
    if (!isObject(value)) return false
    const own = value as Record<string, unknown>
    return partsOf(start, value).some((pointer) =>
      ['type', 'object', 'role'].some((name) => {
        if (at(pointer)?.properties?.[name] === undefined) return false
        const { enum: words, const: word } = at(behind(`${pointer}/properties/${name}`)) ?? {}
        const allowed = words ?? (word === undefined ? undefined : [word])
        return allowed !== undefined && !allowed.includes(own[name])
      }),
    )
  }

  const wrongOf = (start: string, value: unknown, path: string): readonly string[] => {
    const pointer = behind(start)
    const schema = at(pointer)
    if (schema === undefined || isValid(pointer, value)) return []
    const found: string[] = [...(schema.allOf ?? []).keys()].flatMap((place) =>
      wrongOf(`${pointer}/allOf/${place}`, value, path),
    )
    if (isObject(value)) {
      const own = value as Record<string, unknown>
      for (const name of schema.required ?? []) if (own[name] === undefined) found.push(`${path}.${name} is missing`)
      for (const name of Object.keys(schema.properties ?? {}))
        if (own[name] !== undefined)
          found.push(...wrongOf(`${pointer}/properties/${step(name)}`, own[name], `${path}.${name}`))
      if (isObject(schema.additionalProperties))
        for (const [name, one] of Object.entries(own))
          if (schema.properties?.[name] === undefined)
            found.push(...wrongOf(`${pointer}/additionalProperties`, one, `${path}.${name}`))
      if (schema.additionalProperties === false)
        for (const name of Object.keys(own))
          if (schema.properties?.[name] === undefined) found.push(`${path}.${name} is one too many`)
    }
    if (Array.isArray(value) && schema.items)
      found.push(...value.flatMap((one) => wrongOf(`${pointer}/items`, one, `${path}[]`)))
    const branches = branchesOf(pointer)
    if (branches.length > 0 && !branches.some((branch) => isValid(branch, value))) {
      const near = branches.filter((branch) => !saysOtherType(branch, value))
      const told = (near.length > 0 ? near : branches)
        .map((branch) => wrongOf(branch, value, path))
        .filter((lines) => lines.length > 0)
      found.push(...(told.toSorted((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0] ?? []))
    }
    if (found.length > 0) return [...new Set(found)]
    return [`${path} is ${short(value)}, not ${short(kindOf(schema))}`]
  }

  const moreOf = (start: string, value: unknown, path: string): readonly string[] => {
    if (Array.isArray(value)) {
      const parts = partsOf(start, value).filter((pointer) => at(pointer)?.items)
      return [
        ...new Set(value.flatMap((one) => parts.flatMap((pointer) => moreOf(`${pointer}/items`, one, `${path}[]`)))),
      ]
    }
    if (!isObject(value)) return []
    const parts = partsOf(start, value)
    const isOpen = parts.some((pointer) => {
      const { additionalProperties, properties } = at(pointer) ?? {}
      return (
        isObject(additionalProperties) ||
        additionalProperties === true ||
        (properties === undefined && parts.length === 1)
      )
    })
    return Object.entries(value).flatMap(([name, one]) => {
      const of = parts.find((pointer) => at(pointer)?.properties?.[name])
      if (of === undefined) return isOpen ? [] : [`${path}.${name}`]
      return moreOf(`${of}/properties/${step(name)}`, one, `${path}.${name}`)
    })
  }

  const methods = ['get', 'post', 'delete']
  return {
    routes: Object.entries(document.paths).flatMap(([path, one]) =>
      methods.filter((method) => one[method]).map((method) => `${method.toUpperCase()} ${path}`),
    ),
    schemas: Object.keys(document.components.schemas),
    answerOf(method, path, status, type) {
      const name = method.toLowerCase()
      const responses = document.paths[path]?.[name]?.responses ?? {}
      // One says 201 where another says 200.
      const found = [String(status), '200', '201', 'default'].find((one) => responses[one]?.content?.[type]?.schema)
      return found && `/paths/${step(path)}/${name}/responses/${found}/content/${step(type)}/schema`
    },
    judge: (pointer, value) => {
      const wrong = wrongOf(pointer, value, '')
      return { wrong, more: wrong.length > 0 ? [] : moreOf(pointer, value, '') }
    },
  }
}

/** Those of 3.0 say `nullable`, also of what has no type, and bounds with a word of their own. */
function as31(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(as31)
  if (!isObject(node)) return node
  // What fits two of one is meant to.
  const members = Object.entries(node).map(
    ([name, one]) => [name === 'oneOf' && Array.isArray(one) ? 'anyOf' : name, as31(one)] as const,
  )
  const isOld = (name: string, one: unknown) => /^(?:nullable|exclusiveM\w+)$/.test(name) && typeof one === 'boolean'
  const rest = Object.fromEntries(members.filter(([name, one]) => !isOld(name, one)))
  return (node as { readonly nullable?: unknown }).nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const unescaped = (name: string) => name.replaceAll('~1', '/').replaceAll('~0', '~')
const short = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 120)
const kindOf = ({
  enum: words,
  const: word,
  ...rest
}: Schema & { readonly type?: unknown; readonly pattern?: unknown }) =>
  words ?? word ?? rest.pattern ?? rest.type ?? 'as described'
/** How far into the value the complaint is: the branch that was nearest complains deepest. */
const depthOf = (lines: readonly string[]) =>
  Math.max(...lines.map((line) => (line.split(' ')[0] ?? '').split('.').length))
