/** Who asks, by what clients say of themselves: the program, and the official SDKs their version, platform and retries. */
import type { SimRequest } from '../types.ts'

/** By the header's name in lower case. */
export type Client = Readonly<Record<string, string>>

const agent = 'user-agent'
const language = 'x-stainless-lang'
/** What the SDKs send besides, all of them or none. */
const others = ['package-version', 'os', 'arch', 'runtime', 'runtime-version', 'async', 'timeout', 'retry-count'].map(
  (name) => `x-stainless-${name}`,
)
const maxCharacters = 200

/** What it says of itself; `known` itself where that is the same, as of most requests that come one after another. */
export function clientOf(headers: SimRequest['headers'], known: Client | undefined): Client | undefined {
  const isSdk = headers.get(language) !== null || headers.get('x-stainless-retry-count') !== null
  const names = isSdk ? ofSdks : ofAll
  if (known && (isSdk || !(language in known)) && isSame(headers, known, names)) return known
  const said: Record<string, string> = {}
  let isSaid = false
  for (const name of names) {
    const text = headers.get(name)
    if (text === null) continue
    said[name] = text.slice(0, maxCharacters)
    isSaid = true
  }
  return isSaid ? said : undefined
}

const ofAll = [agent]
const ofSdks = [agent, language, ...others]

function isSame(headers: SimRequest['headers'], known: Client, names: readonly string[]): boolean {
  for (const name of names) {
    const text = headers.get(name)
    const told = text === null ? undefined : text.length > maxCharacters ? text.slice(0, maxCharacters) : text
    if (told !== known[name]) return false
  }
  return true
}

/** Whether it says so of itself, in any case. */
export function saysOf(client: Client | undefined, text: string): boolean {
  const wanted = text.toLowerCase()
  return client !== undefined && Object.values(client).some((said) => said.toLowerCase().includes(wanted))
}
