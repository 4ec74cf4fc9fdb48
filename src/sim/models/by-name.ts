/** What is known of a model by its name, looked up once: requests come for the same model again and again. */
import { Memo } from '../base/memo.ts'

type Named = { readonly name: string }

/** Far more than a catalogue has. */
const maxNames = 1_000

/** The same as `of`, which depends on the name alone. */
export function byName<Value>(of: (name: string) => Value): (model: Named) => Value {
  const known = new Memo<string, { readonly value: Value }>(maxNames)
  const make = (name: string) => ({ value: of(name) })
  let last: string | undefined
  let lastValue: Value
  return ({ name }) => {
    if (name === last) return lastValue
    last = name
    return (lastValue = known.of(name, make).value)
  }
}

/** Whether the name fits. */
export const isNamed = (pattern: RegExp): ((model: Named) => boolean) => byName((name) => pattern.test(name))
