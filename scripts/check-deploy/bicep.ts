/** Reads a Bicep file: what it declares, and what its expressions stand for as far as that is known without Azure. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Language, type Node, Parser } from 'web-tree-sitter'
import type { Problem } from './problem.ts'

/** What an expression is known to be. `line` counts from 1. */
export type Value = { readonly line: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number' | 'flag' | 'null'; readonly text: string }
  /** An open one has members beside those that are known. */
  | { readonly kind: 'object'; readonly members: readonly Member[]; readonly isOpen: boolean }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** One of several, which only the deployment decides. */
  | { readonly kind: 'either'; readonly values: readonly Value[] }
  /** `source` is what is written there. */
  | { readonly kind: 'unknown'; readonly type: string | undefined; readonly source: string }
)
export type Member = { readonly name: string; readonly value: Value; readonly line: number }

export type Parameter = {
  readonly name: string
  readonly type: string
  readonly line: number
  readonly isSecure: boolean
  /** Whether azd is told to make it. */
  readonly isGenerated: boolean
  readonly allowed: readonly string[] | undefined
  readonly fallback: Value | undefined
}
export type Declared = { readonly name: string; readonly line: number; readonly node: Node }
export type Resource = Declared & {
  readonly type: string
  readonly version: string
  readonly isExisting: boolean
  readonly body: Value
}
export type Module = Declared & { readonly file: string; readonly body: Value }
export type Output = Declared & { readonly type: string }

export type BicepFile = {
  /** Relative to the project, with slashes. */
  readonly name: string
  readonly scope: string
  readonly parameters: readonly Parameter[]
  readonly variables: readonly Declared[]
  readonly resources: readonly Resource[]
  readonly modules: readonly Module[]
  readonly outputs: readonly Output[]
  readonly root: Node
  readonly problems: readonly Problem[]
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
  const problems = [...walk(top)]
    .filter((node) => node.type === 'ERROR' || node.isMissing)
    .map((node) => ({ file: name, line: lineOf(node), message: `does not parse here: ${firstLine(node.text)}` }))
  const scopes = new Map<string, Value>()
  const file = { scope: 'resourceGroup', ...empty(), name, root: top, problems }
  let decorators: readonly Node[] = []
  for (const node of top.namedChildren) {
    if (node.type === 'decorators') decorators = node.namedChildren
    else {
      declare(file, { node, decorators, known: scopes })
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
  outputs: [] as Output[],
})

type Statement = { readonly node: Node; readonly decorators: readonly Node[]; readonly known: Map<string, Value> }

function declare(file: ReturnType<typeof empty> & { scope: string }, { node, decorators, known }: Statement): void {
  const parts = node.namedChildren
  const name = parts[0]?.text ?? ''
  const at = { name, line: lineOf(node), node }
  const last = parts.at(-1)
  if (node.type === 'target_scope_assignment') file.scope = bareText(parts[0])
  if (node.type === 'parameter_declaration') {
    const parameter = toParameter(at, parts, decorators)
    file.parameters.push(parameter)
    known.set(name, valueOfParameter(parameter))
  }
  if (node.type === 'variable_declaration' && last) {
    file.variables.push(at)
    known.set(name, toValue(last, known))
  }
  if (node.type === 'output_declaration') file.outputs.push({ ...at, type: parts[1]?.text ?? '' })
  if (node.type === 'module_declaration' && last) {
    file.modules.push({ ...at, file: bareText(parts[1]), body: toValue(withoutCondition(last), known) })
  }
  if (node.type === 'resource_declaration' && last) {
    const [type = '', version = ''] = bareText(parts[1]).split('@')
    const isExisting = node.children.some((child) => child.text === 'existing')
    file.resources.push({ ...at, type, version, isExisting, body: toValue(withoutCondition(last), known) })
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
  if (!allowed || type !== 'string') return { kind: 'unknown', type, source: name, line }
  return { kind: 'either', values: allowed.map((text) => ({ kind: 'text', text, line })), line }
}

/** The body of a resource or module that is made only on a condition. */
const withoutCondition = (node: Node): Node =>
  node.type === 'if_statement' ? (node.namedChildren.at(-1) ?? node) : node

/** `known` has the values of the names that are declared so far; Bicep lets names be used before, which stay unknown. */
export function toValue(node: Node, known: ReadonlyMap<string, Value>): Value {
  const line = lineOf(node)
  const parts = node.namedChildren
  const unknown = (type: string | undefined): Value => ({ kind: 'unknown', type, source: node.text, line })
  switch (node.type) {
    case 'string':
      return parts.some(({ type }) => type === 'interpolation')
        ? unknown('string')
        : { kind: 'text', text: bareText(node), line }
    case 'number':
      return { kind: 'number', text: node.text, line }
    case 'boolean':
      return { kind: 'flag', text: node.text, line }
    case 'null':
      return { kind: 'null', text: 'null', line }
    case 'array':
      return { kind: 'list', items: parts.map((part) => toValue(part, known)), line }
    case 'object':
      return { kind: 'object', isOpen: false, members: parts.flatMap((part) => toMember(part, known)), line }
    case 'ternary_expression':
      return { kind: 'either', values: parts.slice(1).map((part) => toValue(part, known)), line }
    case 'identifier': {
      const found = known.get(node.text)
      return found ? { ...found, line } : unknown(undefined)
    }
    case 'call_expression':
      return toCalled(node, known)
    case 'binary_expression':
    case 'unary_expression':
      return unknown('bool')
    default:
      return unknown(undefined)
  }
}

function toMember(node: Node, known: ReadonlyMap<string, Value>): readonly Member[] {
  const [key, value] = node.namedChildren
  if (node.type !== 'object_property' || !key || !value) return []
  return [{ name: bareText(key), value: toValue(value, known), line: lineOf(node) }]
}

/** What functions of Bicep give, those that are used and whose result is of one type. */
export const functionTypes: Readonly<Record<string, string | undefined>> = {
  concat: 'array',
  empty: 'bool',
  environment: 'object',
  guid: 'string',
  items: 'array',
  json: undefined,
  map: 'array',
  resourceGroup: 'object',
  subscription: 'object',
  subscriptionResourceId: 'string',
  toLower: 'string',
  union: 'object',
  uniqueString: 'string',
}

function toCalled(node: Node, known: ReadonlyMap<string, Value>): Value {
  const line = lineOf(node)
  const [callee, given] = node.namedChildren
  const name = callee?.text ?? ''
  if (name !== 'union') return { kind: 'unknown', type: functionTypes[name], source: node.text, line }
  const values = (given?.namedChildren ?? []).map((part) => toValue(part, known))
  const objects = values.filter((value) => value.kind === 'object')
  const isOpen = objects.length < values.length || objects.some((object) => object.isOpen)
  return { kind: 'object', isOpen, members: objects.flatMap(({ members }) => members), line }
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

const firstLine = (text: string) => text.split('\n')[0]?.slice(0, 60) ?? ''
