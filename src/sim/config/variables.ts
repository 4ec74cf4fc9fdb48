/** The environment variables, by what they set. Their names are the Python simulator's where it had them. */
import { type Declared, declared } from './declared.ts'
import { unknownName } from './problem.ts'
import type { ConfigSource } from './read-source.ts'
import { isSecretAt } from './schema-parts.ts'
import { mergeTrees, treeOf, type Path, type Tree } from './tree.ts'

export type Variable = {
  readonly name: string
  /** Absent for those that say where files are: they are read before any setting. */
  readonly path?: Path
  /** What the text stands for; the text itself where it cannot be read, so that the check tells what is allowed. */
  readonly read: (text: string) => unknown
  /** Where more is allowed than in a file. */
  readonly allowed?: string
}

const asText = (text: string) => text
const asNumber = (text: string) => (/^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text)

function asFlag(text: string): unknown {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === '1') return true
  return word === 'false' || word === '0' ? false : text
}

const flagForm = 'true or false in any case, 1 or 0'

export const variables: readonly Variable[] = [
  { name: 'SIMULATOR_CONFIG_PATH', read: asText },
  { name: 'OPENAI_DEPLOYMENT_CONFIG_PATH', read: asText },
  ...declared.flatMap(variablesOf),
]

/** A duration is a number of milliseconds, and one that varies has two variables. */
function variablesOf({ path, kind, env, fromEnv }: Declared): readonly Variable[] {
  if (env === undefined) return []
  switch (kind) {
    case 'spread':
      return [
        { name: `${env}_MEAN`, path: [...path, 'meanMs'], read: asNumber },
        { name: `${env}_STD_DEV`, path: [...path, 'stdDevMs'], read: asNumber },
      ]
    case 'time':
      return [{ name: env, path: [...path, 'ms'], read: asNumber }]
    case 'flag':
      return [{ name: env, path, read: asFlag, allowed: flagForm }]
    case 'number':
      return [{ name: env, path, read: asNumber }]
    case 'other':
      return [{ name: env, path, read: fromEnv ?? asText }]
  }
}

/** Prefixes that are ours alone, so that an unknown name is a slip. */
const prefixes = ['SIMULATOR_', 'LATENCY_OPENAI_', 'RECORDING_']

export const isVariable = (name: string): boolean => variables.some((variable) => variable.name === name)

/** Those whose values nobody may see. */
export const secretVariables = (): readonly string[] =>
  variables.filter(({ path }) => path && isSecretAt(path)).map(({ name }) => name)

export type Environment = Readonly<Record<string, string | undefined>>

/** The variable that sets what is at `path`. */
export function variableAt(path: Path): string | undefined {
  return rowAt(path)?.name
}

/** An empty variable counts as not set. `where` says in which file a variable stood, if in one. */
export function fromEnvironment(
  environment: Environment,
  where: (name: string) => string | undefined = () => undefined,
): { readonly source: ConfigSource; readonly warnings: readonly string[] } {
  const named = (name: string) => {
    const file = where(name)
    return file ? `${name} in ${file}` : name
  }
  let input: Tree = {}
  for (const { name, path, read } of variables) {
    const text = environment[name]
    if (path && text) input = mergeTrees(input, treeOf(path, read(text)))
  }
  const source: ConfigSource = {
    name: 'environment',
    input,
    spell: (path) => {
      const name = variableAt(path)
      return name && named(name)
    },
    allowed: (path) => rowAt(path)?.allowed,
  }
  return { source, warnings: unknownVariables(environment).map((name) => unknownVariable(name, named(name))) }
}

function unknownVariables(environment: Environment): readonly string[] {
  const known = new Set(variables.map(({ name }) => name))
  return Object.keys(environment).filter(
    (name) => environment[name] && !known.has(name) && prefixes.some((prefix) => name.startsWith(prefix)),
  )
}

function unknownVariable(name: string, shownName: string): string {
  const names = variables.map((variable) => variable.name)
  return `${shownName}: is not a variable of the simulator, and has no effect; ${unknownName(name, names)}`
}

function rowAt(path: Path): Variable | undefined {
  return variables.find((row) => row.path?.length === path.length && row.path.every((key, at) => key === path[at]))
}
