/** Expressions of ARM templates, as far as names, models and capacities are written with them. */
import { isTree } from '../../sim/index.ts'
import { memberOf, templateFunctions } from './template-functions.ts'

export type TemplateScope = {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly variables: Readonly<Record<string, unknown>>
  /** Of a copy loop. */
  readonly index: number
}

/** The value with every expression in it worked out; what cannot be is `undefined`. */
export function evaluated(value: unknown, scope: TemplateScope, depth = 0): unknown {
  if (depth > 40) return undefined
  if (Array.isArray(value)) return value.map((each) => evaluated(each, scope, depth + 1))
  if (isTree(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, evaluated(each, scope, depth + 1)]))
  if (typeof value !== 'string' || !value.startsWith('[') || !value.endsWith(']')) return value
  if (value.startsWith('[[')) return value.slice(1)
  try {
    return new Reader(value.slice(1, -1), scope, depth).whole()
  } catch {
    return undefined
  }
}

class Reader {
  private at = 0
  private readonly text: string
  private readonly scope: TemplateScope
  private readonly depth: number

  constructor(text: string, scope: TemplateScope, depth: number) {
    this.text = text
    this.scope = scope
    this.depth = depth
  }

  whole(): unknown {
    const value = this.value()
    if (this.peek() !== '') throw new Error('more than one expression')
    return value
  }

  private peek(): string {
    while (/\s/.test(this.text.charAt(this.at))) this.at++
    return this.text.charAt(this.at)
  }

  private take(pattern: RegExp): string | undefined {
    this.peek()
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private expect(character: string): void {
    if (this.peek() !== character) throw new Error(`no ${character}`)
    this.at++
  }

  private value(): unknown {
    let value = this.first()
    for (;;) {
      const next = this.peek()
      if (next === '.') {
        this.at++
        value = memberOf(value, this.take(/\w+/y) ?? '')
      } else if (next === '[') {
        this.at++
        value = memberOf(value, this.value())
        this.expect(']')
      } else return value
    }
  }

  private first(): unknown {
    const quoted = this.take(/'(?:[^']|'')*'/y)
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll("''", "'")
    const digits = this.take(/-?\d+/y)
    if (digits !== undefined) return Number(digits)
    const name = this.take(/[A-Za-z_]\w*/y)
    if (name === undefined) throw new Error('no value')
    this.expect('(')
    const args: unknown[] = []
    while (this.peek() !== ')') {
      args.push(this.value())
      if (this.peek() === ',') this.at++
    }
    this.expect(')')
    return this.call(name.toLowerCase(), args)
  }

  private call(name: string, args: readonly unknown[]): unknown {
    const { scope, depth } = this
    const [first, second] = args
    switch (name) {
      case 'parameters':
        return evaluated(memberOf(scope.parameters, first), scope, depth + 1)
      case 'variables':
        return evaluated(memberOf(scope.variables, first), scope, depth + 1)
      case 'copyindex':
        return scope.index + (typeof first === 'number' ? first : typeof second === 'number' ? second : 0)
      case 'resourcegroup':
        return { id: 'group', name: 'group', location: scope.parameters['location'] }
      case 'subscription':
        return { id: 'subscription' }
      default:
        // What is asked of Azure itself is not known here; what does not need it still is.
        return templateFunctions.get(name)?.(...args)
    }
  }
}
