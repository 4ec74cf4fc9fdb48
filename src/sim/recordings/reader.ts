/** Reads the fields of a document, and says what is wrong with one in words that help to mend it. */
import { reasonOf } from '../base/reason.ts'
import { isRawJSON } from './json-text.ts'

export class DocumentError extends Error {
  override readonly name = 'DocumentError'
}

/** What is wrong in one line: a parser shows where it stopped in those after it. */
export const firstLine = (error: unknown) => reasonOf(error).split('\n')[0] ?? ''

export type Fields = Readonly<Record<string, unknown>>

/** One mapping of a document. */
export class Reader {
  readonly #fields: Fields
  readonly #path: string

  constructor(fields: unknown, path: string) {
    this.#fields = fieldsOf(fields, path === '' ? 'the document' : path)
    this.#path = path
  }

  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name)
  }

  /** `undefined` also where it is null. */
  given(name: string): unknown {
    return this.has(name) ? (this.#fields[name] ?? undefined) : undefined
  }

  any(name: string): unknown {
    if (this.has(name)) return this.#fields[name]
    throw new DocumentError(`${this.path(name)} is missing`)
  }

  mapping(name: string): Reader {
    return new Reader(this.any(name), this.path(name))
  }

  optionalMapping(name: string): Reader | undefined {
    return this.has(name) ? this.mapping(name) : undefined
  }

  optionalList(name: string): readonly Reader[] | undefined {
    if (!this.has(name)) return undefined
    const found = this.any(name)
    if (!Array.isArray(found)) throw this.#wrong(name, 'a list')
    return found.map((item, index) => new Reader(item, `${this.path(name)}[${index}]`))
  }

  optionalTexts(name: string): readonly string[] | undefined {
    if (!this.has(name)) return undefined
    const found = this.any(name)
    if (!Array.isArray(found)) throw this.#wrong(name, 'a list of texts')
    return found.map((item) => textOf(item) ?? this.#fail(name, 'a list of texts'))
  }

  text(name: string): string {
    return textOf(this.any(name)) ?? this.#fail(name, 'a text')
  }

  optionalText(name: string): string | undefined {
    return this.has(name) && this.#fields[name] !== null ? this.text(name) : undefined
  }

  number(name: string): number {
    const found = this.any(name)
    const value = isRawJSON(found) ? Number(found.rawJSON) : found
    return typeof value === 'number' && Number.isFinite(value) && value >= 0
      ? value
      : this.#fail(name, 'a number that is not negative')
  }

  optionalNumber(name: string): number | undefined {
    return this.has(name) ? this.number(name) : undefined
  }

  optionalStatus(name: string): number | undefined {
    const status = this.optionalNumber(name)
    if (status === undefined || (Number.isInteger(status) && status >= 200 && status <= 599)) return status
    throw this.#wrong(name, 'a whole number from 200 to 599')
  }

  optionalChoice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    if (!this.has(name)) return undefined
    return allowed.find((one) => one === this.any(name)) ?? this.#fail(name, allowed.join(', '))
  }

  only(name: string, allowed: number): void {
    if (this.number(name) !== allowed) throw this.#wrong(name, String(allowed))
  }

  flag(name: string): boolean {
    if (!this.has(name)) return false
    const found = this.any(name)
    return typeof found === 'boolean' ? found : this.#fail(name, 'true or false')
  }

  /** A mapping of texts; empty where there is none. */
  texts(name: string): Readonly<Record<string, string>> {
    const inner = this.optionalMapping(name)
    if (!inner) return {}
    return Object.fromEntries(Object.keys(inner.#fields).map((key) => [key, inner.text(key)]))
  }

  #wrong(name: string, allowed: string): DocumentError {
    return new DocumentError(`${this.path(name)}: found ${shown(this.#fields[name])}, allowed: ${allowed}`)
  }

  #fail(name: string, allowed: string): never {
    throw this.#wrong(name, allowed)
  }
}

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value)) return value as Fields
  throw new DocumentError(`${what}: found ${shown(value)}, allowed: a mapping`)
}

/** Numbers and the like are texts to whoever writes `api-version: 2024` by hand. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (isRawJSON(value)) return value.rawJSON
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

const shown = (value: unknown) => ((JSON.stringify(value) as string | undefined) ?? 'nothing').slice(0, 80)
