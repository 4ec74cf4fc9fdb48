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
  const told = (name: string) => headers.get(name)?.slice(0, maxCharacters)
  const names = isSdk ? [agent, language, ...others] : [agent]
  if (known && (isSdk || !(language in known)) && names.every((name) => told(name) === known[name])) return known
  const said = names.flatMap((name): readonly (readonly [string, string])[] => {
    const text = told(name)
    return text === undefined ? [] : [[name, text]]
  })
  return said.length === 0 ? undefined : Object.fromEntries(said)
}

/** Whether it says so of itself, in any case. */
export function saysOf(client: Client | undefined, text: string): boolean {
  const wanted = text.toLowerCase()
  return client !== undefined && Object.values(client).some((said) => said.toLowerCase().includes(wanted))
}
