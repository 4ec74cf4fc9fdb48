/** Settings as the app uses them: a duration is a number of milliseconds under a name that says so. */
import type { Spread } from '../types.ts'
import { type SpreadMs, spreadOf } from './percentiles.ts'
import { isTree, put, type Tree } from './tree.ts'

type Ms = { readonly ms: number }
type Timed = Ms | SpreadMs | undefined

type PlainValue<T> = T extends Ms ? number : T extends SpreadMs ? Spread : Plain<T>

export type Plain<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T as T[Key] extends Timed ? `${Key & string}Ms` : Key]: PlainValue<T[Key]> }
    : T

export function toPlain<T extends Tree>(settings: T): Plain<T> {
  const plain: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(settings)) {
    if (!isTree(value)) put(plain, key, value)
    else if (typeof value.ms === 'number') put(plain, `${key}Ms`, value.ms)
    else if (isSpread(value)) put(plain, `${key}Ms`, spreadOf(value))
    else put(plain, key, toPlain(value))
  }
  return plain as Plain<T>
}

const isSpread = (value: Tree): value is SpreadMs => typeof value.meanMs === 'number'
