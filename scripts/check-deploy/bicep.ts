/** Reads a Bicep file: its declarations, and the values of expressions that are known without Azure. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Language, type Node, Parser } from 'web-tree-sitter'

/** The known value of an expression. `line` counts from 1. */
export type Value = { readonly line: number } & (
  | { readonly kind: 'text'; readonly text: string }
  /** A number, a boolean or null. */
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** One of several, which only the deployment decides. */
  | { readonly kind: 'either'; readonly values: readonly Value[] }
  /** `source` is what is written there. */
  | { readonly kind: 'unknown'; readonly source: string }
)
export type Member = { readonly name: string; readonly value: Value; readonly line: number }

export type Parameter = {
  readonly name: string
  readonly type: string
  readonly line: number
  readonly isSecure: boolean
  /** Whether azd generates it. */
  readonly isGenerated: boolean
  readonly allowed: readonly string[] | undefined
  readonly fallback: Value | undefined
}
export type Declared = { readonly name: string; readonly line: number; readonly node: Node }
export type Resource = Declared & {
  readonly type: string
  readonly isExisting: boolean
  readonly body: Value
}
export type Module = Declared & { readonly file: string; readonly body: Value }

export type BicepFile = {
  /** Relative to the project, with slashes. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly variables: readonly Declared[]
  readonly resources: readonly Resource[]
  readonly modules: readonly Module[]
  readonly outputs: readonly string[]
  readonly root: Node
}

let made: Promise<Parser> | undefined

export const bicepParser = (): Promise<Parser> => (made ??= makeParser())

async function makeParser(): Promise<Parser> {
  await Parser.init()
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')
  const parser = new Parser()
  parser.setLanguage(await Language.load(grammar))
  return parser
}

export function readBicep(parser: Parser, root: string, name: string): BicepFile {
  const tree = parser.parse(readFileSync(path.join(root, name), 'utf8'))
  if (!tree) throw new Error(`${name}: no tree`)
  const top = tree.rootNode
  const known = new Map<string, Value>()
  const file = { ...empty(), name, root: top }
  let decorators: readonly Node[] = []
  for (const node of top.namedChildren) {
    if (node.type === 'decorators') decorators = node.namedChildren
    else {
      declare(file, { node, decorators, known })
      decorators = []
    }
  }
  return file
}

const empty = () => ({
  parameters: [] as Parameter[],
  variables: [] as Declared[],
  resources: [] as Resource[],
  modules: [] as Module[],
  outputs: [] as string[],
})

type Statement = { readonly node: Node; readonly decorators: readonly Node[]; readonly known: Map<string, Value> }

function declare(file: ReturnType<typeof empty>, { node, decorators, known }: Statement): void {
  const parts = node.namedChildren
  const name = parts[0]?.text ?? ''
  const at = { name, line: lineOf(node), node }
  const last = parts.at(-1)
  if (node.type === 'parameter_declaration') {
    const parameter = toParameter(at, parts, decorators)
    file.parameters.push(parameter)
    known.set(name, valueOfParameter(parameter))
  }
  if (node.type === 'variable_declaration' && last) {
    file.variables.push(at)
    known.set(name, toValue(last, known))
  }
  if (node.type === 'output_declaration') file.outputs.push(name)
  if (node.type === 'module_declaration' && last) {
    file.modules.push({ ...at, file: bareText(parts[1]), body: toValue(withoutCondition(last), known) })
  }
  if (node.type === 'resource_declaration' && last) {
    const [type = ''] = bareText(parts[1]).split('@')
    const isExisting = node.children.some((child) => child.text === 'existing')
    file.resources.push({ ...at, type, isExisting, body: toValue(withoutCondition(last), known) })
  }
}

function toParameter(at: Declared, parts: readonly Node[], decorators: readonly Node[]): Parameter {
  const calls = decorators.map((decorator) => decorator.text.replace(/^@/, ''))
  const allowed = decorators.find(({ text }) => text.startsWith('@allowed'))
  const fallback = parts[2]
  return {
    name: at.name,
    line: at.line,
    type: parts[1]?.text ?? '',
    isSecure: calls.some((call) => call.startsWith('secure(')),
    isGenerated: calls.some((call) => call.startsWith('metadata(') && call.includes("type: 'generate'")),
    allowed: allowed && [...walk(allowed)].filter(isLiteral).map(bareText),
    fallback: fallback && toValue(fallback, new Map()),
  }
}

const isLiteral = (node: Node) => node.type === 'string' || node.type === 'number'

function valueOfParameter({ name, type, allowed, line }: Parameter): Value {
  if (!allowed || type !== 'string') return { kind: 'unknown', source: name, line }
  return { kind: 'either', values: allowed.map((text) => ({ kind: 'text', text, line })), line }
}

/** The body of a resource or module that is made only on a condition. */
const withoutCondition = (node: Node): Node =>
  node.type === 'if_statement' ? (node.namedChildren.at(-1) ?? node) : node

/** `known` has the values of the names that are declared so far; Bicep lets names be used before, which stay unknown. */
export function toValue(node: Node, known: ReadonlyMap<string, Value>): Value {
  const line = lineOf(node)
  const parts = node.namedChildren
  const unknown: Value = { kind: 'unknown', source: node.text, line }
  switch (node.type) {
    case 'string':
      return parts.some(({ type }) => type === 'interpolation') ? unknown : { kind: 'text', text: bareText(node), line }
    case 'number':
    case 'boolean':
    case 'null':
      return { kind: 'plain', text: node.text, line }
    case 'array':
      return { kind: 'list', items: parts.map((part) => toValue(part, known)), line }
    case 'object':
      return { kind: 'object', members: parts.flatMap((part) => toMember(part, known)), line }
    case 'ternary_expression':
      return { kind: 'either', values: parts.slice(1).map((part) => toValue(part, known)), line }
    case 'identifier': {
      const found = known.get(node.text)
      return found ? { ...found, line } : unknown
    }
    case 'call_expression':
      return parts[0]?.text === 'union' ? toUnion(node, known) : unknown
    default:
      return unknown
  }
}

function toMember(node: Node, known: ReadonlyMap<string, Value>): readonly Member[] {
  const [key, value] = node.namedChildren
  if (node.type !== 'object_property' || !key || !value) return []
  return [{ name: bareText(key), value: toValue(value, known), line: lineOf(node) }]
}

/** Of the objects that are known. */
function toUnion(node: Node, known: ReadonlyMap<string, Value>): Value {
  const values = (node.namedChildren[1]?.namedChildren ?? []).map((part) => toValue(part, known))
  const members = values.flatMap((value) => (value.kind === 'object' ? value.members : []))
  return { kind: 'object', members, line: lineOf(node) }
}

/** A text without its quotes, or a name as it is. */
export function bareText(node: Node | null | undefined): string {
  return (node?.text ?? '').replace(/^'(.*)'$/s, '$1')
}

export const lineOf = (node: Node): number => node.startPosition.row + 1

export function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of node.children) yield* walk(child)
}
