/** MCP servers as a client names them among its tools: each once, and where it is. */
import { serverLabelOf } from '../../answers/mcp/tools.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import type { OfferedTool } from './mcp-servers.ts'
import { serverTwice, serverUnknown, signInTwice, tooManyServerHeaders, twoPlaces } from './refusals.ts'

/**
 * With all that was said of a server before; `param` is where the tools stand in what the client said. Throws an `ApiError`
 * for servers that nobody can find.
 */
export function wholeTools(
  tools: readonly JsonObject[],
  param: string,
  saidBefore: (label: string) => JsonObject | undefined = () => undefined,
): readonly JsonObject[] {
  const seen = new Set<string>()
  return tools.map((tool, at) => {
    if (tool['type'] !== 'mcp') return tool
    const label = serverLabelOf(tool)
    const place = `${param}[${at}]`
    if (seen.has(label)) throw serverTwice(label, `${place}.server_label`)
    seen.add(label)
    const places = ['server_url', 'connector_id', 'tunnel_id'].filter((name) => typeof tool[name] === 'string')
    if (places.length > 1) throw twoPlaces(place)
    const { headers } = tool
    if (isObject(headers) && Object.keys(headers).length > maxHeaders)
      throw tooManyServerHeaders(`${place}.headers`, maxHeaders)
    const before = saidBefore(label)
    if (places.length === 0 && !before) throw serverUnknown(label, place)
    const whole = places.length > 0 ? tool : { ...before, ...tool }
    if (typeof whole['authorization'] === 'string' && hasSignIn(whole['headers'])) throw signInTwice(place)
    return whole
  })
}

/** A guess. */
const maxHeaders = 1_000

const hasSignIn = (headers: unknown): boolean =>
  isObject(headers) && Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')

/** The tools that a choice leaves: one by its name, or all of a server. */
export const chosenNames = (choice: JsonObject, offered: readonly OfferedTool[]): readonly unknown[] =>
  choice['type'] === 'mcp' && choice['name'] === undefined
    ? offered.filter(({ label }) => label === choice['server_label']).map(({ tool }) => tool.name)
    : [choice['name']]
