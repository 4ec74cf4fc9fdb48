/** Names: what is used is declared, what is declared is used, and files give each other what they ask for. */
import path from 'node:path'
import type { Node } from 'web-tree-sitter'
import { bareText, type BicepFile, functionTypes, lineOf, type Member, type Module, type Value, walk } from './bicep.ts'
import type { Problem } from './problem.ts'

/** `files` by name. */
export function checkWiring(files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  return [...files.values()].flatMap((file) => [
    ...checkNames(file),
    ...file.modules.flatMap((module) => checkModule(file, module, files)),
    ...checkOutputsUsed(file, files),
  ])
}

function checkNames(file: BicepFile): readonly Problem[] {
  const declared = new Map(
    [...file.parameters, ...file.variables, ...file.resources, ...file.modules].map(({ name, line }) => [name, line]),
  )
  const used = new Set<string>()
  const problems: Problem[] = []
  const say = (node: Node, message: string) => problems.push({ file: file.name, line: lineOf(node), message })
  for (const node of walk(file.root)) {
    if (node.type !== 'identifier' || isDeclaration(node) || isKey(node) || isWithin(node, 'decorators')) continue
    if (isCallee(node)) {
      if (!(node.text in functionTypes)) say(node, `${node.text} is no function that is known here`)
    } else if (declared.has(node.text)) used.add(node.text)
    else if (!isOfLambda(node) && node.parent?.type !== 'type') say(node, `${node.text} is not declared`)
  }
  const idle = [...file.parameters, ...file.variables].filter(({ name }) => !used.has(name))
  return [...problems, ...idle.map(({ name, line }) => ({ file: file.name, line, message: `${name} is never used` }))]
}

const isDeclaration = (node: Node) => /_declaration$/.test(node.parent?.type ?? '') && isFirst(node)
const isKey = (node: Node) => node.parent?.type === 'object_property' && isFirst(node)
const isCallee = (node: Node) => node.parent?.type === 'call_expression' && isFirst(node)
const isFirst = (node: Node) => node.parent?.namedChildren[0]?.id === node.id

function isWithin(node: Node, type: string): boolean {
  for (let above = node.parent; above; above = above.parent) if (above.type === type) return true
  return false
}

/** Whether a lambda around it names it. */
function isOfLambda(node: Node): boolean {
  for (let above = node.parent; above; above = above.parent)
    if (above.type === 'lambda_expression' && above.namedChildren[0]?.text === node.text) return true
  return false
}

const memberOf = (value: Value, name: string): Member | undefined =>
  value.kind === 'object' ? value.members.find((member) => member.name === name) : undefined

const fileOf = (from: BicepFile, module: Module) => path.posix.join(path.posix.dirname(from.name), module.file)

function checkModule(from: BicepFile, module: Module, files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  const at = { file: from.name, line: module.line }
  const to = files.get(fileOf(from, module))
  if (!to) return [{ ...at, message: `there is no file ${module.file}` }]
  const problems: Problem[] = []
  if (to.scope !== from.scope && !memberOf(module.body, 'scope'))
    problems.push({ ...at, message: `${module.name} deploys to a ${to.scope} and needs a scope` })
  const given = memberOf(module.body, 'params')?.value
  const members = given?.kind === 'object' ? given.members : []
  for (const { name, line, value } of members) {
    const parameter = to.parameters.find((one) => one.name === name)
    if (!parameter) problems.push({ ...at, line, message: `${module.file} has no parameter ${name}` })
    else if (!mayBe(value, parameter.type))
      problems.push({ ...at, line, message: `${name} must be of the type ${parameter.type}` })
  }
  for (const { name, fallback } of to.parameters)
    if (!fallback && !members.some((member) => member.name === name))
      problems.push({ ...at, message: `${module.name} is not given ${name}, which ${module.file} needs` })
  return problems
}

const kinds: Readonly<Record<string, string>> = {
  text: 'string',
  number: 'int',
  flag: 'bool',
  object: 'object',
  list: 'array',
}

function mayBe(value: Value, type: string): boolean {
  if (value.kind === 'either') return value.values.every((one) => mayBe(one, type))
  if (value.kind === 'null') return type.endsWith('?')
  return (value.kind === 'unknown' ? (value.type ?? type) : kinds[value.kind]) === type.replace(/\?$/, '')
}

/** Each `name.outputs.something` is an output of that module. */
function checkOutputsUsed(from: BicepFile, files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  const problems: Problem[] = []
  for (const node of walk(from.root)) {
    const [inner, output] = node.type === 'member_expression' ? node.namedChildren : []
    const [owner, word] = inner?.type === 'member_expression' ? inner.namedChildren : []
    const module = word?.text === 'outputs' ? from.modules.find(({ name }) => name === owner?.text) : undefined
    const to = module && files.get(fileOf(from, module))
    if (!to || to.outputs.some(({ name }) => name === bareText(output))) continue
    problems.push({ file: from.name, line: lineOf(node), message: `${module.file} has no output ${bareText(output)}` })
  }
  return problems
}
