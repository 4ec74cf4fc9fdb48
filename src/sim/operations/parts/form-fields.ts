/** What a form says, in the terms of JSON. */
import { isFormData } from '../../base/form.ts'

export type FieldKinds = {
  readonly numbers?: readonly string[]
  readonly flags?: readonly string[]
  /** May be given several times, also as `name[]`. */
  readonly lists?: readonly string[]
}

/** What does not read as what it should be stays the text that it is, for a schema to refuse. */
export function formFields(form: unknown, { numbers = [], flags = [], lists = [] }: FieldKinds): unknown {
  if (!isFormData(form)) return form
  const fields: Record<string, unknown> = Object.create(null) as Record<string, never>
  for (const [key, value] of form) {
    const name = key.endsWith('[]') ? key.slice(0, -2) : key
    if (lists.includes(name)) {
      const list = (fields[name] ??= []) as unknown[]
      list.push(value)
    } else if (typeof value !== 'string') fields[name] = value
    else if (numbers.includes(name)) fields[name] = toNumber(value)
    else if (flags.includes(name)) fields[name] = toFlag(value)
    else fields[name] = value
  }
  return fields
}

const toNumber = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))

function toFlag(text: string): unknown {
  const word = text.toLowerCase()
  return word === 'true' ? true : word === 'false' ? false : text
}
