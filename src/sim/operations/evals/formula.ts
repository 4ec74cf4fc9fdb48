/** What a grader of several reckons from theirs: numbers, names, `+ - * / ^`, brackets, and a few functions. */

const functions: Readonly<Record<string, (...numbers: readonly number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  abs: (one = NaN) => Math.abs(one),
  floor: (one = NaN) => Math.floor(one),
  ceil: (one = NaN) => Math.ceil(one),
  exp: (one = NaN) => Math.exp(one),
  sqrt: (one = NaN) => Math.sqrt(one),
  log: (one = NaN) => Math.log(one),
}

/** Nobody writes more; it bounds how deep brackets may go. */
const maxCharacters = 500

type Read = { readonly tokens: readonly string[]; at: number; readonly values: ReadonlyMap<string, number> }

/** Undefined for what is no formula, or names what is not there. */
export function reckon(formula: string, values: ReadonlyMap<string, number>): number | undefined {
  if (formula.length > maxCharacters) return undefined
  const tokens = formula.match(/\d+(?:\.\d+)?|\.\d+|[\p{L}_][\p{L}\p{N}_]*|\*\*|[^\s]/gu) ?? []
  const read: Read = { tokens: tokens.map((token) => (token === '**' ? '^' : token)), at: 0, values }
  const result = sum(read)
  return read.at === tokens.length && Number.isFinite(result) ? result : undefined
}

function taken(read: Read, among: string): string | undefined {
  const token = read.tokens[read.at]
  if (token === undefined || token.length > 1 || !among.includes(token)) return undefined
  read.at += 1
  return token
}

function sum(read: Read): number {
  let result = product(read)
  for (let sign = taken(read, '+-'); sign; sign = taken(read, '+-'))
    result = sign === '+' ? result + product(read) : result - product(read)
  return result
}

function product(read: Read): number {
  let result = signed(read)
  for (let sign = taken(read, '*/'); sign; sign = taken(read, '*/'))
    result = sign === '*' ? result * signed(read) : result / signed(read)
  return result
}

function signed(read: Read): number {
  let isNegative = false
  for (let sign = taken(read, '+-'); sign; sign = taken(read, '+-')) isNegative = isNegative !== (sign === '-')
  const result = power(read)
  return isNegative ? -result : result
}

/** Of the right first, as usual. Its depth is bounded by the formula's length. */
function power(read: Read): number {
  const base = operand(read)
  return taken(read, '^') ? base ** signed(read) : base
}

function operand(read: Read): number {
  if (taken(read, '(')) return closed(read, sum(read))
  const token = read.tokens[read.at++] ?? ''
  if (/^[\d.]/.test(token)) return Number(token)
  const apply = Object.hasOwn(functions, token) ? functions[token] : undefined
  if (apply === undefined || !taken(read, '(')) return read.values.get(token) ?? NaN
  const given = [sum(read)]
  while (taken(read, ',')) given.push(sum(read))
  return closed(read, apply(...given))
}

const closed = (read: Read, result: number): number => (taken(read, ')') ? result : NaN)
