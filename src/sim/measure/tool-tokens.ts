/**
 * How many tokens the definitions of tools are. The service shows them to the model as TypeScript, which is written
 * here again and counted; what it adds around them was fitted to recorded answers (2025-2026).
 */
import { mapInSteps, step } from '../base/slices.ts'
import { countTokens } from '../models/tokenizer.ts'
import type { Model } from '../types.ts'
import { isThinking } from './reasoning.ts'

export type ToolRequest = {
  readonly tools?: readonly unknown[] | null | undefined
  readonly functions?: readonly unknown[] | null | undefined
  readonly reasoning_effort?: string | null | undefined
  /** Whether a system or developer message is there, which tools would otherwise have to bring. */
  readonly hasSystem: boolean
  /** The Responses API puts its prompts together in its own way. */
  readonly isOfResponses?: boolean | undefined
  readonly tool_choice?: unknown
}

export function toolTokens(request: ToolRequest, model: Model) {
  const { tools, functions } = request
  const definitions = [...(tools ?? []).map(toDefinition), ...(functions ?? [])].filter(isRecord)
  const hosted = (tools ?? []).reduce<number>((sum, tool) => sum + hostedTokens(tool, model), 0)
  if (definitions.length === 0) return hosted
  const text = step(() => render(definitions, model.promptFormat === 'gpt-5' ? newStyle : oldStyle))
  return hosted + countTokens(text, model.encoding) + overhead(definitions, request, model)
}

/**
 * A schema for the answer is shown as it is below its name (exact on all recordings of gpt-4o-mini; taken over for
 * others). Gpt-4o-2024-08-06 sees the description, too, and gpt-4o-2024-11-20 the schema alone (recorded December 2024
 * to March 2025).
 */
export function responseFormatTokens(format: unknown, model: Model, isOfResponses = false): number {
  const { type, json_schema: wanted } = isRecord(format) ? format : {}
  if (type !== 'json_schema' || !isRecord(wanted) || !isRecord(wanted.schema)) return 0
  const schema = jsonOf(wanted.schema)
  // In Responses recorded of gpt-4o-mini (August 2025) and gpt-5.2 (March 2026), one each.
  if (isOfResponses)
    return model.promptFormat === 'gpt-5'
      ? countTokens(`# Response Formats\n\n## ${textOf(wanted.name)}\n\n${schema}`, model.encoding) + 10
      : Math.max(0, countTokens(schema, model.encoding) - 3)
  const known = versionOf(model)
  if (known === 'gpt-4o-2024-11-20') return countTokens(schema, model.encoding)
  const description = known === 'gpt-4o-2024-08-06' ? comment(wanted.description, oldStyle) : ''
  return countTokens(`## ${textOf(wanted.name)}\n\n${description}${schema}`, model.encoding)
}

/**
 * A call that is asked for by name has its opening in the prompt, and not in the completion (recorded 2024 and 2025 of
 * gpt-35-turbo, gpt-4 and gpt-4o).
 */
export function namedCallTokens({ tool_choice: choice, function_call: legacy }: NamedCall, model: Model): number {
  const isNamed = isRecord(choice) && (choice.type === 'function' || choice.type === 'custom')
  const named = isNamed ? (choice.function ?? choice.custom ?? choice) : legacy
  const name = isRecord(named) ? named.name : undefined
  if (typeof name !== 'string') return 0
  return countTokens(name, model.encoding) + (model.encoding === 'o200k_base' ? 7 : 4)
}

export type NamedCall = { readonly tool_choice?: unknown; readonly function_call?: unknown }

const versionOf = ({ name, version }: Model) => `${name}-${version}`

function overhead(definitions: readonly Schema[], request: ToolRequest, model: Model): number {
  const { hasSystem, reasoning_effort: effort, isOfResponses, tool_choice: choice } = request
  const several = definitions.length > 1 ? 1 : 0
  const isThinker = model.promptFormat === 'gpt-5' && isThinking(model, effort)
  const isAugust = versionOf(model) === 'gpt-4o-2024-08-06'
  if (isOfResponses && isThinker) return 12
  // Recorded with and without instructions, strict or not (May 2025 to March 2026).
  if (isOfResponses && model.promptFormat !== 'gpt-5') return (isAugust ? 2 : 3) + several
  // Recorded April and July 2025; with `none`, and of a strict tool, it is as with others.
  const isStrict = definitions.some(({ strict }) => strict === true)
  if (isAugust && hasSystem && choice !== 'none' && !isStrict) return 5 + several
  // Models that think are told of their channels, too. Without a system message this is a guess.
  if (isThinker) return 91
  // Recorded without a system message; that one saves three is taken over from gpt-4o.
  if (model.promptFormat === 'gpt-5') return hasSystem ? 7 : 10
  // That several tools cost one more rests on the recordings of one set of three.
  return (hasSystem ? 6 : 9) + several
}

/**
 * What the service's own tools bring with them: searches what they find, too (recorded of gpt-5.2-chat, and of gpt-4o and
 * gpt-4o-mini in March 2026), code what it is told to be (fitted to two recordings of gpt-4o, January and March 2026), a
 * computer its description (March 2025).
 */
function hostedTokens(tool: unknown, { name, promptFormat }: Model): number {
  switch (isRecord(tool) && tool.type) {
    case 'web_search':
    case 'web_search_preview':
      return name.startsWith('gpt-4o') ? 7_258 : 4_295
    case 'computer_use_preview':
      return 504
    case 'code_interpreter':
      return 165
    case 'file_search':
      return fileSearchTokens(promptFormat)
    default:
      return 0
  }
}

/** What a search of files is described by (fitted, within 5 %, to six recordings of December 2025 to March 2026). */
export const fileSearchTokens = (format: Model['promptFormat']): number => (format === 'gpt-5' ? 800 : 400)

/** Chat completions wrap a definition; the Responses API does not. */
function toDefinition(tool: unknown): unknown {
  if (!isRecord(tool)) return undefined
  if (tool.type === 'custom') return { ...(isRecord(tool.custom) ? tool.custom : tool), isFreeform: true }
  if (tool.type !== 'function') return undefined
  return tool.function ?? tool
}

/**
 * Gpt-5 has titles, defaults and nested objects as the published format of the open-weight models (Harmony) has them.
 * Older models leave titles and defaults out, and have the nested objects of a strict tool as TypeScript (recorded
 * February 2025), else as JSON: that is what the one recording with such a schema counts.
 */
type Style = { readonly isNew: boolean; readonly isNested: boolean }
const newStyle: Style = { isNew: true, isNested: true }
const oldStyle: Style = { isNew: false, isNested: false }
const strictStyle: Style = { isNew: false, isNested: true }

type Schema = Readonly<Record<string, unknown>>

/** How much may still be written: a schema that refers to itself has no end, and one of a few lines can unfold far. */
type Scope = { readonly style: Style; readonly root: Schema; charactersLeft: number }
const maxCharacters = 1_000_000
const deepest = 10

/** What is written costs its length; what is empty costs a little, too. */
function written(text: string, scope: Scope): string {
  scope.charactersLeft -= text.length + 8
  return text
}

function render(definitions: readonly Schema[], style: Style): string {
  let text = 'namespace functions {\n\n'
  let charactersLeft = maxCharacters
  for (const { name, description, parameters, isFreeform, strict } of definitions) {
    text += comment(description, style)
    const root = isRecord(parameters) ? parameters : {}
    const scope = { style: strict === true && !style.isNew ? strictStyle : style, root, charactersLeft }
    const takes = isFreeform === true ? 'FREEFORM' : propertiesOf(root) ? `_: ${objectType(root, scope, 0)}` : ''
    text += `type ${textOf(name)} = (${takes}) => any;\n\n`
    charactersLeft = scope.charactersLeft
  }
  return `${text}} // namespace functions`
}

function objectType(schema: Schema, scope: Scope, depth: number): string {
  const { required } = schema
  const isRequired = new Set(Array.isArray(required) ? required : [])
  let text = '{\n'
  for (const [name, property] of Object.entries(propertiesOf(schema) ?? {})) {
    if (scope.charactersLeft <= 0) break
    if (!isRecord(property)) continue
    const { title, description } = property
    if (scope.style.isNew && typeof title === 'string') text += written(`// ${title}\n//\n`, scope)
    text += written(comment(description, scope.style), scope)
    text += written(`${name}${isRequired.has(name) ? '' : '?'}: `, scope)
    text += `${typeText(property, scope, depth)},${scope.style.isNew ? written(defaultText(property), scope) : ''}\n`
  }
  return `${text}}`
}

function typeText(schema: unknown, scope: Scope, depth: number): string {
  if (!isRecord(schema) || depth > deepest || scope.charactersLeft <= 0) return 'any'
  if (Array.isArray(schema.enum)) return written(mapInSteps(schema.enum, jsonOf).join(' | '), scope)
  if (schema.const !== undefined) return written(jsonOf(schema.const), scope)
  if (typeof schema.$ref === 'string') return typeText(referred(schema.$ref, scope.root), scope, depth + 1)
  const variants = schema.anyOf ?? schema.oneOf
  if (Array.isArray(variants)) return union(variants, scope, depth)
  if (Array.isArray(schema.type))
    return union(
      schema.type.map((type: unknown) => ({ ...schema, type })),
      scope,
      depth,
    )
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return arrayType(schema.items, scope, depth)
    case 'object':
      return nestedType(schema, scope, depth)
    default:
      return typeof schema.type === 'string' ? schema.type : 'any'
  }
}

function union(variants: readonly unknown[], scope: Scope, depth: number): string {
  const texts: string[] = []
  for (const variant of variants) {
    if (scope.charactersLeft <= 0) break
    texts.push(written(typeText(variant, scope, depth + 1), scope))
  }
  return texts.join(' | ')
}

/** An object that stands as JSON has no brackets behind it (as recorded). */
const jsonObject = 'object'

function arrayType(items: unknown, scope: Scope, depth: number): string {
  const text = typeText(items, scope, depth + 1)
  if (text.startsWith(`{"type":"${jsonObject}"`)) return text
  return scope.style === strictStyle && text.includes(' | ') && !text.startsWith('{') ? `(${text})[]` : `${text}[]`
}

function nestedType(schema: Schema, scope: Scope, depth: number): string {
  const properties = propertiesOf(schema)
  if (!properties) return 'object'
  if (scope.style.isNested) return objectType(schema, scope, depth + 1)
  return written(jsonOf({ type: jsonObject, properties }), scope)
}

function comment(text: unknown, { isNew }: Style): string {
  if (typeof text !== 'string' || text === '') return ''
  // Recorded of gpt-4o: the lines after the first have no mark of their own.
  return isNew ? `// ${text.split('\n').join('\n// ')}\n` : `// ${text}\n`
}

function defaultText({ default: value, enum: choices }: Schema): string {
  if (value === undefined) return ''
  return ` // default: ${typeof value === 'string' && choices !== undefined ? value : jsonOf(value)}`
}

/** `#/$defs/Name` in the schema of one tool. */
function referred(reference: string, root: Schema): unknown {
  if (!reference.startsWith('#/')) return undefined
  let at: unknown = root
  for (const step of reference.slice(2).split('/')) {
    if (!isRecord(at) || !Object.hasOwn(at, step)) return undefined
    at = at[step]
  }
  return at
}

function propertiesOf({ properties }: Schema): Schema | undefined {
  return isRecord(properties) && Object.keys(properties).length > 0 ? properties : undefined
}

/** No text where the value is nested too deep to be written; such a request is refused elsewhere. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const isRecord = (value: unknown): value is Schema => typeof value === 'object' && value !== null
