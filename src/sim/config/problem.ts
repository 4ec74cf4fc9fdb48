/** What is wrong with a configuration, said so that whoever wrote it finds the place and knows what to write. */
import { closest, distance } from 'fastest-levenshtein'
import type { Path } from './tree.ts'

export type Problem = {
  /** As `Config` spells it; empty where it is about a source as a whole. */
  readonly path: Path
  /** As the source spells it: a variable, a flag, or a file with its path. */
  readonly setting: string
  /** What was found, and what is allowed. */
  readonly message: string
}

/** So many problems are told; of more, their number. */
export const maxTold = 100

/** Thrown with the problems that there are, so that a start shows all of them at once, or the first of very many. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** At most `maxTold`. */
  readonly problems: readonly Problem[]
  /** Of all, told or not. */
  readonly count: number

  /** `more` are those that are not among `problems`. */
  constructor(problems: readonly Problem[], more = 0) {
    const told = problems.slice(0, maxTold)
    const count = problems.length + more
    const lines = told.map(({ setting, message }) => (setting ? `${setting}: ${message}` : message))
    super((count > told.length ? [...lines, `and ${count - told.length} more problems`] : lines).join('\n'))
    this.problems = told
    this.count = count
  }
}

/** A value as a message shows it: short, on one line, and without what is secret. */
export function shown(value: unknown, isSecret = false): string {
  if (value === undefined || value === '') return value === '' ? 'an empty text' : 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  if (isSecret) return masked
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null ? 'null' : typeof value
}

/** What stands for a secret wherever one would be shown. */
export const masked = '****'

/** What a setting has and what it may have; one that is missing is required. */
export function mismatch(found: string, allowed: string): string {
  if (found !== 'nothing') return `found ${found}; allowed: ${allowed}`
  return allowed === anyValue ? 'is required' : `is required: ${allowed}`
}

/** Of a setting that may have values of more than one kind. */
export const anyValue = 'a value'

/** For an unknown name: suggests the name that was probably meant, or lists all of them. */
export function unknownName(name: string, known: readonly string[]): string {
  const meant = meantName(name, known)
  return meant === undefined ? `allowed: ${known.join(', ')}` : `did you mean ${meant}?`
}

/** The known name that an unknown one is probably a misspelling of. */
export function meantName(name: string, known: readonly string[]): string | undefined {
  const nearest = known.length > 0 ? closest(name, known) : ''
  const isNear =
    nearest !== '' && distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 3)
  return isNear ? nearest : undefined
}

/** The `count` known names that are least unlike `name`, nearest first. */
export function nearestNames(name: string, known: readonly string[], count: number): readonly string[] {
  const wanted = name.toLowerCase()
  return known
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ candidate }) => candidate)
}
