/** Reads the fields of a document, and says what is wrong with one in words that help to mend it. */
import type { JsonObject } from '../base/object.ts'
import { reasonOf } from '../base/reason.ts'
import { isRawJSON } from './json-text.ts'

export class DocumentError extends Error {
  override readonly name = 'DocumentError'
}

/** What is wrong in one line: a parser shows where it stopped in those after it. */
export const firstLine = (error: unknown) => reasonOf(error).split('\n')[0] ?? ''

/** One mapping of a document. Without `problems` the first thing that is wrong is thrown; with it, all is told there. */
export class Reader {
  readonly #fields: JsonObject
  readonly #path: string
  readonly #problems: string[] | undefined

  constructor(fields: unknown, path: string, problems?: string[]) {
    this.#fields = fieldsOf(fields, path === '' ? 'the document' : path)
    this.#path = path
    this.#problems = problems
  }

  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  /** Where all problems are told, the reading goes on with `instead`. */
  refuse<T>(message: string, instead: T): T {
    if (!this.#problems) throw new DocumentError(message)
    this.#problems.push(message)
    return instead
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name)
  }

  /** `undefined` also where it is null. */
  given(name: string): unknown {
    return this.has(name) ? (this.#fields[name] ?? undefined) : undefined
  }

  any(name: string): unknown {
    return this.has(name) ? this.#fields[name] : this.#missing<unknown>(name, undefined)
  }

  mapping(name: string): Reader {
    return this.has(name)
      ? this.#inner(this.#fields[name], this.path(name))
      : this.#missing(name, mute(this.path(name)))
  }

  optionalMapping(name: string): Reader | undefined {
    return this.has(name) ? this.mapping(name) : undefined
  }

  optionalList(name: string): readonly Reader[] | undefined {
    if (!this.has(name)) return undefined
    const found = this.any(name)
    if (!Array.isArray(found)) {
      this.#wrong(name, 'a list', undefined)
      return undefined
    }
    return found.map((item, index) => this.#inner(item, `${this.path(name)}[${index}]`))
  }

  optionalTexts(name: string): readonly string[] | undefined {
    if (!this.has(name)) return undefined
    const found = this.any(name)
    if (!Array.isArray(found)) {
      this.#wrong(name, 'a list of texts', undefined)
      return undefined
    }
    return found.map((item) => textOf(item) ?? this.#wrong(name, 'a list of texts', ''))
  }

  text(name: string): string {
    if (!this.has(name)) return this.#missing(name, '')
    return textOf(this.#fields[name]) ?? this.#wrong(name, 'a text', '')
  }

  optionalText(name: string): string | undefined {
    return this.has(name) && this.#fields[name] !== null ? this.text(name) : undefined
  }

  number(name: string): number {
    if (!this.has(name)) return this.#missing(name, 0)
    const found = this.#fields[name]
    const value = isRawJSON(found) ? Number(found.rawJSON) : found
    return typeof value === 'number' && Number.isFinite(value) && value >= 0
      ? value
      : this.#wrong(name, 'a number that is not negative', 0)
  }

  optionalNumber(name: string): number | undefined {
    return this.has(name) ? this.number(name) : undefined
  }

  optionalStatus(name: string): number | undefined {
    if (!this.has(name)) return undefined
    const found = this.#fields[name]
    const status = isRawJSON(found) ? Number(found.rawJSON) : found
    if (typeof status === 'number' && Number.isInteger(status) && isStatus(status)) return status
    this.#wrong(name, 'a whole number from 200 to 599', undefined)
    return undefined
  }

  optionalChoice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    if (!this.has(name)) return undefined
    return (
      allowed.find((one) => one === this.any(name)) ?? this.#wrong<T | undefined>(name, allowed.join(', '), undefined)
    )
  }

  only(name: string, allowed: number): void {
    if (!this.has(name)) {
      this.#missing(name, undefined)
      return
    }
    const found = this.#fields[name]
    if ((isRawJSON(found) ? Number(found.rawJSON) : found) !== allowed) this.#wrong(name, String(allowed), undefined)
  }

  flag(name: string): boolean {
    if (!this.has(name)) return false
    const found = this.any(name)
    return typeof found === 'boolean' ? found : this.#wrong(name, 'true or false', false)
  }

  /** A mapping of texts; empty where there is none. */
  texts(name: string): Readonly<Record<string, string>> {
    const inner = this.optionalMapping(name)
    if (!inner) return {}
    return Object.fromEntries(Object.keys(inner.#fields).map((key) => [key, inner.text(key)]))
  }

  #inner(value: unknown, path: string): Reader {
    if (!this.#problems) return new Reader(value, path)
    try {
      return new Reader(value, path, this.#problems)
    } catch (error) {
      return this.refuse(firstLine(error), mute(path))
    }
  }

  #missing<T>(name: string, instead: T): T {
    return this.refuse(`${this.path(name)} is missing`, instead)
  }

  #wrong<T>(name: string, allowed: string, instead: T): T {
    return this.refuse(`${this.path(name)}: found ${shown(this.#fields[name])}, allowed: ${allowed}`, instead)
  }
}

/** Stands for what is not there: that nothing is in it was told already. */
const mute = (path: string) => new Reader({}, path, [])

export function fieldsOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value))
    return value as JsonObject
  throw new DocumentError(`${what}: found ${shown(value)}, allowed: a mapping`)
}

/** Numbers and the like are texts to whoever writes `api-version: 2024` by hand. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (isRawJSON(value)) return value.rawJSON
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

const shown = (value: unknown) => ((JSON.stringify(value) as string | undefined) ?? 'nothing').slice(0, 80)

/** 101 of a live connection. */
const isStatus = (status: number) => status === 101 || (status >= 200 && status <= 599)
