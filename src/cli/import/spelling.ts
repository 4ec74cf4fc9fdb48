/** Members of Azure's documents as az spells them: PowerShell writes them with a capital, SDKs for Python with underscores. */
import { isTree } from '../../sim/index.ts'

/** Names of tags are their owner's. */
const kept = new Set(['tags', 'Tags'])

export function asAzSpells(value: unknown, depth = 0): unknown {
  if (depth > 40) return value
  if (Array.isArray(value)) return value.map((each) => asAzSpells(each, depth + 1))
  if (!isTree(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [spelling(key), kept.has(key) ? each : asAzSpells(each, depth + 1)]),
  )
}

const spelling = (key: string): string =>
  /^[a-z]+(?:_[a-z0-9]+)+$/.test(key)
    ? key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    : key.charAt(0).toLowerCase() + key.slice(1)

/** What PowerShell writes for an object that lies too deep, as it does by default: its type, or its members in one text. */
export const isCutShort = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:@\{.*\}|(?:Microsoft|System)\.[\w.+`[\], ]+)$/s.test(value)
