/** Agents of a project: only what responses need of them (recorded February to April 2026). */
import { textOf } from '../../base/text-of.ts'
import { keptShelf } from '../../base/kept-shelf.ts'
import { isObject } from '../../base/object.ts'
import { agentNotFound, notBesideAgent } from '../../errors/conversations.ts'
import type { LiveResource, Resource } from '../../operation.ts'
import { sizeOf } from '../../base/size-of.ts'

type Definition = Readonly<Record<string, unknown>> & { readonly model: string }

export type Version = {
  readonly name: string
  readonly version: string
  readonly createdAtSeconds: number
  readonly description: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly definition: Definition
}

/** An agent with all its versions, oldest first. `id` is its name. */
export type Agent = { readonly id: string; readonly versions: readonly Version[] }

/** The agent that made a response. */
export type AgentReference = { readonly type: 'agent_reference'; readonly name: string; readonly version: string }

/** The other form of the reference, in `agent` and in `created_by` of an item (recorded December 2025 to March 2026). */
export const agentById = (agent: AgentReference) => ({ ...agent, type: 'agent_id' })

/** For `resource.shelf`: all versions of each agent, within the bounds of the responses. */
export const agents = keptShelf<Agent>({
  kind: 'agents',
  ids: /\n\/agent\/([^\n]{1,128})|"agent(?:_reference)?"\s*:\s*\{[^{}]{0,500}?"name"\s*:\s*"([^"\\]{1,128})"/g,
  bytesOf: (agent) => 200 + sizeOf(agent),
  bounds: ({ responses: { maxResponses, maxBytes, lifetimeMs } }) => ({
    maxEntries: maxResponses,
    maxBytes,
    lifetimeMs,
  }),
})

type Place = Pick<Resource, 'shelf' | 'config'>

/** Oldest first: the versions that clients created here, or the one that the settings declare. */
export function versionsOf({ shelf, config }: Place, name: string, asked?: string): readonly Version[] {
  const known = shelf(agents).get(name)
  if (known) return known.versions
  const told = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined
  if (!told) return []
  const { definition, version = asked ?? 1, description = '' } = told
  const { createdAtSeconds } = shelf(firstAsked)
  const made = { ...definition, model: textOf(definition['model']) }
  return [{ name, version: String(version), createdAtSeconds, description, metadata: {}, definition: made }]
}

/** Agents of the settings have no date: they count as created when an agent is first looked up. */
const firstAsked = ({ clock }: LiveResource) => ({ createdAtSeconds: Math.floor(clock.now() / 1000) })

/** Those of the settings first, the others in the order of their creation. */
export function allAgents(place: Place): readonly Agent[] {
  const kept = place.shelf(agents).all()
  const names = new Set(kept.map(({ id }) => id))
  const told = Object.keys(place.config.agents).filter((name) => !names.has(name))
  return [...told.map((id) => ({ id, versions: versionsOf(place, id) })), ...kept.filter(isThere)]
}

const isThere = ({ versions }: Agent) => versions.length > 0

/** Keeps the remaining versions. An agent of the settings stays deleted. */
export function leaveVersions({ shelf, config }: Place, id: string, versions: readonly Version[]): void {
  if (versions.length > 0 || Object.hasOwn(config.agents, id)) shelf(agents).put({ id, versions })
  else shelf(agents).delete(id)
}

/** The newest version if none is named. Throws 404. */
export function agentVersionOf(place: Place, name: string, version: string | undefined): Version {
  const versions = versionsOf(place, name, version)
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
  if (!found) throw agentNotFound(name)
  return found
}

/** The agent that a request names instead of a model, and the parameters that the agent sets. Throws if it cannot be used. */
export function agentIn(input: Readonly<Record<string, unknown>>, resource: Resource) {
  const { agent_reference: reference, agent = reference } = input
  if (!isObject(agent) || typeof agent['name'] !== 'string') return undefined
  // An agent has its own tools. This is checked before the agent is looked up (recorded February 2026).
  if (input['tools'] !== undefined) throw notBesideAgent('tools')
  const asked = agent['version']
  const { name, version, definition } = agentVersionOf(
    resource,
    agent['name'],
    typeof asked === 'string' ? asked : undefined,
  )
  const { kind: _, structured_inputs: __, ...said } = filled(definition, input['structured_inputs'])
  return {
    reference: { type: 'agent_reference', name, version } satisfies AgentReference,
    said,
    isTold: input['agent'] !== undefined,
  }
}

/** Replaces `{{name}}` by the input of that name. */
function filled(definition: Definition, inputs: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(inputs)) return definition
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replace(/\{\{(\w+)\}\}/g, (all, name: string) => (name in inputs ? textOf(inputs[name]) : all))
    if (Array.isArray(value)) return value.map(fill)
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)])) : value
  }
  return fill(definition) as Readonly<Record<string, unknown>>
}
