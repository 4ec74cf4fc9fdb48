/** Every setting with what its declaration says besides its type: its variable, its old name, and when it is read. */
import * as z from 'zod'
import { Settings } from './schema.ts'
import { bare, partOf } from './schema-parts.ts'
import type { Path } from './tree.ts'

export type Declared = {
  /** `*` stands for any name. */
  readonly path: Path
  /** A time is one duration, a spread is one that may vary. */
  readonly kind: 'flag' | 'number' | 'time' | 'spread' | 'other'
  /** Its environment variable, or what the two of a spread begin with. */
  readonly env: string | undefined
  readonly fromEnv: ((text: string) => unknown) | undefined
  /** Where it is in the Python simulator's document of `/++/config`. */
  readonly python: Path | undefined
  readonly startOnly: boolean
  readonly isSecret: boolean
  /** Whether it names a file or a folder. */
  readonly isFilePath: boolean
}

export const declared: readonly Declared[] = [...settingsIn(Settings, [], false)]

/** The settings that name a file or a folder. */
export const filePaths: readonly Path[] = declared.filter(({ isFilePath }) => isFilePath).map(({ path }) => path)

/** The settings and groups of settings that are read at the start only, each as high up as that holds. */
export const startOnlyPaths: readonly Path[] = [...startOnlyIn(Settings, [])]

function* settingsIn(schema: z.ZodType, path: Path, isBelowStartOnly: boolean): Generator<Declared> {
  const type = bare(schema)
  const meta = schema.meta() ?? {}
  const startOnly = isBelowStartOnly || meta.startOnly === true
  const kind = kindOf(type)
  if (kind) {
    yield {
      path,
      kind,
      startOnly,
      env: typeof meta.env === 'string' ? meta.env : undefined,
      fromEnv: typeof meta.fromEnv === 'function' ? (meta.fromEnv as (text: string) => unknown) : undefined,
      python: typeof meta.python === 'string' ? meta.python.split('.') : undefined,
      isSecret: meta.secret === true,
      isFilePath: meta.filePath === true,
    }
    return
  }
  for (const key of type instanceof z.ZodObject ? Object.keys(type.shape) : ['*']) {
    const part = partOf(type, key)
    if (part) yield* settingsIn(part, [...path, key], startOnly)
  }
}

function* startOnlyIn(schema: z.ZodType, path: Path): Generator<Path> {
  const type = bare(schema)
  if (schema.meta()?.startOnly === true) yield path
  else if (type instanceof z.ZodObject)
    for (const key of Object.keys(type.shape)) yield* startOnlyIn(partOf(type, key) ?? type, [...path, key])
}

/** `undefined` for what has settings below it. */
function kindOf(type: z.ZodType): Declared['kind'] | undefined {
  if (type instanceof z.ZodObject) return 'ms' in type.shape ? 'time' : 'meanMs' in type.shape ? 'spread' : undefined
  if (type instanceof z.ZodRecord) return undefined
  if (type instanceof z.ZodBoolean) return 'flag'
  return type instanceof z.ZodNumber ? 'number' : 'other'
}
