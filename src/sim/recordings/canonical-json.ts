/**
 * JSON without white space and without regard to the order of fields, its numbers and texts as they are spelled: for what
 * cannot be compared by its value, and for the keys that came before that.
 *
 * Everything here goes through lists of its own instead of calling itself, so that no depth of brackets can overflow
 * the stack.
 */
type Container = {
  readonly isObject: boolean
  /** Spelled as in the text; empty for a list. */
  readonly keys: string[]
  readonly values: Value[]
  /** What to leave out below here. */
  readonly ignore: IgnoreTree | undefined
}
type Value = string | Container

/** Fields to leave out: a name with `true`, or with the fields to leave out within it. */
export type IgnoreTree = Map<string, IgnoreTree | true>

/** `undefined` where the text is not JSON with an object or a list at its top. */
export function canonicalJson(text: string, ignore?: IgnoreTree): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  return spell(scan(text, ignore))
}

/** `metadata.session` leaves out the field `session` of `metadata`; a list on the way stands for each of its items. */
export function ignoreTree(paths: readonly string[]): IgnoreTree | undefined {
  if (paths.length === 0) return undefined
  const tree: IgnoreTree = new Map()
  for (const path of paths) {
    const fields = path.split('.')
    const last = fields.pop() ?? ''
    let branch: IgnoreTree | undefined = tree
    for (const field of fields) {
      const next: IgnoreTree | true = branch.get(field) ?? new Map<string, IgnoreTree | true>()
      if (next === true) {
        branch = undefined
        break
      }
      branch.set(field, next)
      branch = next
    }
    branch?.set(last, true)
  }
  return tree
}

/** The text is known to be valid, so that commas and colons say nothing that the brackets do not. */
function scan(text: string, ignore: IgnoreTree | undefined): Container {
  const top: Container = { isObject: false, keys: [], values: [], ignore }
  const open: Container[] = []
  let current = top
  let key: string | undefined

  const add = (value: Value) => {
    if (!current.isObject) {
      current.values.push(value)
      return
    }
    if (key !== undefined && current.ignore?.get(nameOf(key)) !== true) {
      current.keys.push(key)
      current.values.push(value)
    }
    key = undefined
  }
  const ignoredWithin = (): IgnoreTree | undefined => {
    if (!current.isObject || key === undefined) return current.ignore
    const within = current.ignore?.get(nameOf(key))
    return within === true ? undefined : within
  }

  for (let at = 0; at < text.length;) {
    const character = text.charCodeAt(at)
    if (character === quote) {
      const end = endOfString(text, at)
      const token = text.slice(at, end)
      if (current.isObject && key === undefined) key = token
      else add(token)
      at = end
    } else if (character === openBrace || character === openBracket) {
      const inner: Container = { isObject: character === openBrace, keys: [], values: [], ignore: ignoredWithin() }
      add(inner)
      open.push(current)
      current = inner
      at++
    } else if (character === closeBrace || character === closeBracket) {
      current = open.pop() ?? top
      at++
    } else if (character === comma || character === colon || character <= space) at++
    else {
      const end = endOfWord(text, at)
      add(text.slice(at, end))
      at = end
    }
  }
  return top
}

function spell(top: Container): string {
  const pieces: string[] = []
  const stack: { readonly container: Container; readonly order: readonly number[] | undefined; next: number }[] = []
  const enter = (container: Container) => {
    pieces.push(container.isObject ? '{' : '[')
    stack.push({ container, order: container.isObject ? orderOf(container.keys) : undefined, next: 0 })
  }
  const [first] = top.values
  if (typeof first === 'object') enter(first)
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const { container, order } = frame
    const index = frame.next++
    if (index >= container.values.length) {
      pieces.push(container.isObject ? '}' : ']')
      stack.pop()
      continue
    }
    const which = order?.[index] ?? index
    if (index > 0) pieces.push(',')
    if (container.isObject) pieces.push(container.keys[which] ?? '', ':')
    const value = container.values[which]
    if (typeof value === 'object') enter(value)
    else pieces.push(value ?? '')
  }
  return pieces.join('')
}

/** Fields of the same name keep their order: the last one counts. */
function orderOf(keys: readonly string[]): readonly number[] {
  const order = keys.map((_, index) => index)
  return order.sort((a, b) => compare(keys[a] ?? '', keys[b] ?? ''))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const nameOf = (key: string) => (key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1))

/** One past the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  return text.length
}

function endOfWord(text: string, start: number): number {
  let end = start + 1
  while (end < text.length) {
    const character = text.charCodeAt(end)
    if (character <= space || character === comma || character === closeBrace || character === closeBracket) break
    end++
  }
  return end
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a
const space = 0x20
