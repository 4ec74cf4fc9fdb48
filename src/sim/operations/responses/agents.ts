/** Agents of a project, as small as its responses need them (recorded February to April 2026). */
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

/** By its name, with all versions, oldest first. */
export type Agent = { readonly id: string; readonly versions: readonly Version[] }

/** What a response says of the agent that made it. */
export type AgentReference = { readonly type: 'agent_reference'; readonly name: string; readonly version: string }

/** As it is named beside the reference, and in what an item was created by (recorded December 2025 to March 2026). */
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

/** Oldest first: those that clients left here, else the one that the settings tell of. */
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

/** When agents of the settings were made is not known: they are as old as the first look at them. */
const firstAsked = ({ clock }: LiveResource) => ({ createdAtSeconds: Math.floor(clock.now() / 1000) })

/** In the order in which they came, those of the settings first. */
export function allAgents(place: Place): readonly Agent[] {
  const kept = place.shelf(agents).all()
  const names = new Set(kept.map(({ id }) => id))
  const told = Object.keys(place.config.agents).filter((name) => !names.has(name))
  return [...told.map((id) => ({ id, versions: versionsOf(place, id) })), ...kept.filter(isThere)]
}

const isThere = ({ versions }: Agent) => versions.length > 0

/** What is left of one; one that the settings tell of stays gone. */
export function leaveVersions({ shelf, config }: Place, id: string, versions: readonly Version[]): void {
  if (versions.length > 0 || Object.hasOwn(config.agents, id)) shelf(agents).put({ id, versions })
  else shelf(agents).delete(id)
}

/** The newest, where none is named. Throws 404. */
export function agentVersionOf(place: Place, name: string, version: string | undefined): Version {
  const versions = versionsOf(place, name, version)
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
  if (!found) throw agentNotFound(name)
  return found
}

/** The agent that a request names in place of a model, and what it says in the request's stead. Throws where it cannot be asked. */
export function agentIn(input: Readonly<Record<string, unknown>>, resource: Resource) {
  const { agent_reference: reference, agent = reference } = input
  if (!isObject(agent) || typeof agent['name'] !== 'string') return undefined
  // It brings its own, which is looked at first (recorded February 2026).
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

/** `{{name}}` stands for an input of that name. */
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
