/**
 * Creates, changes, lists and deletes the agents of a project. Creating one and asking for one were recorded (February to April
 * 2026); the rest follows Microsoft's description of the projects' API.
 */
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { agentExists } from '../../errors/conversations.ts'
import { parseJsonObject } from '../../http/body.ts'
import { later, parseBody } from '../../http/validate.ts'
import { invalidBody } from '../../errors.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import type { Plan } from '../../types.ts'
import { optional } from '../parts/body-fields.ts'
import { pageOf } from '../parts/page.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { agents, agentVersionOf, allAgents, type Agent, leaveVersions, type Version, versionsOf } from './agents.ts'
import { listPlan } from './conversation-told.ts'

const definition = () => z.looseObject({ kind: optional(z.string()), model: z.string() })
const members = () => ({
  definition: definition(),
  description: optional(z.string().max(512)),
  metadata: optional(z.record(z.string(), z.unknown())),
})
const versionBody = later(() => z.looseObject(members()))
const agentBody = later(() => z.looseObject({ name: z.string().min(1).max(128), ...members() }))

const shared = { scope: 'resource', backEnd: 'project', keeps: [agents] } as const
const routesTo = (path: string) => [{ surface: 'project', template: `/api/projects/{project}${path}` } as const]
const nameOf = ({ match }: AnyCall) => match.params['agent'] ?? ''
const plan = (body: object): Plan => jsonPlan(body, { backEnd: 'project' })

export const agentVersionCreate: ResourceOperation = {
  ...shared,
  name: 'AgentVersions_Create',
  accepts: { json: versionBody },
  method: 'POST',
  path: '/agents/{agent}/versions',
  routes: routesTo('/agents/{agent}/versions'),
  answer: (call) => plan(toldVersion(make(call, nameOf(call), parseBody(versionBody(), jsonOf(call))))),
}

export const agentCreate: ResourceOperation = {
  ...shared,
  lists: [agents],
  name: 'Agents_Create',
  accepts: { json: agentBody },
  method: 'POST',
  path: '/agents',
  routes: routesTo('/agents'),
  answer: (call) => {
    const body = parseBody(agentBody(), jsonOf(call))
    if (versionsOf(call.resource, body.name).length > 0) throw agentExists(body.name)
    return plan(toldAgent(body.name, make(call, body.name, body)))
  },
}

/** Adds a version if anything differs from the latest one. */
export const agentUpdate: ResourceOperation = {
  ...shared,
  name: 'Agents_Update',
  accepts: { json: versionBody },
  method: 'POST',
  path: '/agents/{agent}',
  routes: routesTo('/agents/{agent}'),
  answer: (call) => {
    const body = parseBody(versionBody(), jsonOf(call))
    const latest = agentVersionOf(call.resource, nameOf(call), undefined)
    const { description = latest.description, metadata = latest.metadata } = body
    const isSame =
      isDeepStrictEqual(body.definition, latest.definition) &&
      isDeepStrictEqual([description, metadata], [latest.description, latest.metadata])
    const made = isSame ? latest : make(call, nameOf(call), { ...body, description, metadata })
    return plan(toldAgent(nameOf(call), made))
  },
}

export const agentGet: ResourceOperation = {
  ...shared,
  name: 'Agents_Get',
  method: 'GET',
  path: '/agents/{agent}',
  routes: routesTo('/agents/{agent}'),
  answer: (call: AnyCall) => plan(toldAgent(nameOf(call), agentVersionOf(call.resource, nameOf(call), undefined))),
}

export const agentDelete: ResourceOperation = {
  ...shared,
  name: 'Agents_Delete',
  method: 'DELETE',
  path: '/agents/{agent}',
  routes: routesTo('/agents/{agent}'),
  answer: (call: AnyCall) => {
    const name = nameOf(call)
    agentVersionOf(call.resource, name, undefined)
    leaveVersions(call.resource, name, [])
    return plan({ object: 'agent.deleted', name, deleted: true })
  },
}

export const agentList: ResourceOperation = {
  ...shared,
  lists: [agents],
  name: 'Agents_List',
  method: 'GET',
  path: '/agents',
  routes: routesTo('/agents'),
  answer: (call: AnyCall) => {
    const { query } = call.wire.target
    const kind = query.get('kind')
    const isWanted = (agent: Agent) => kind === null || latestOf(agent)?.definition['kind'] === kind
    const page = pageOf(allAgents(call.resource).filter(isWanted), query, bounds)
    return listPlan(call, page, ({ id, versions }) => toldAgent(id, versions.at(-1) as Version))
  },
}

export const agentVersionList: ResourceOperation = {
  ...shared,
  name: 'AgentVersions_List',
  method: 'GET',
  path: '/agents/{agent}/versions',
  routes: routesTo('/agents/{agent}/versions'),
  answer: (call: AnyCall) => {
    agentVersionOf(call.resource, nameOf(call), undefined)
    const told = versionsOf(call.resource, nameOf(call)).map(toldVersion)
    return listPlan(call, pageOf(told, call.wire.target.query, bounds), (version) => version)
  },
}

const oneVersion = {
  path: '/agents/{agent}/versions/{version}',
  routes: routesTo('/agents/{agent}/versions/{version}'),
} as const

export const agentVersionGet: ResourceOperation = {
  ...shared,
  ...oneVersion,
  name: 'AgentVersions_Get',
  method: 'GET',
  answer: (call: AnyCall) =>
    plan(toldVersion(agentVersionOf(call.resource, nameOf(call), call.match.params['version']))),
}

/** Deleting the last version deletes the agent. */
export const agentVersionDelete: ResourceOperation = {
  ...shared,
  ...oneVersion,
  name: 'AgentVersions_Delete',
  method: 'DELETE',
  answer: (call: AnyCall) => {
    const name = nameOf(call)
    const { version } = agentVersionOf(call.resource, name, call.match.params['version'])
    const others = versionsOf(call.resource, name, version).filter((one) => one.version !== version)
    leaveVersions(call.resource, name, others)
    return plan({ object: 'agent.version.deleted', name, version, deleted: true })
  },
}

const bounds = { usual: 20, max: 100 }
const latestOf = ({ versions }: Agent): Version | undefined => versions.at(-1)

function jsonOf({ wire }: AnyCall) {
  const json = parseJsonObject(wire.bytes)
  if (!json) throw invalidBody()
  return json
}

type Wanted = Pick<Version, 'definition'> & {
  readonly description?: string | null | undefined
  readonly metadata?: Version['metadata'] | null | undefined
}

function make(call: AnyCall, name: string, { definition: defined, description, metadata }: Wanted): Version {
  const versions = versionsOf(call.resource, name)
  const made: Version = {
    name,
    version: String(Number(versions.at(-1)?.version ?? 0) + 1),
    createdAtSeconds: Math.floor(call.receivedAtMs / 1000),
    description: description ?? '',
    metadata: metadata ?? {},
    definition: defined,
  }
  leaveVersions(call.resource, name, [...versions, made])
  return made
}

const toldAgent = (name: string, latest: Version) => ({
  object: 'agent',
  id: name,
  name,
  versions: { latest: toldVersion(latest) },
})

const toldVersion = ({ name, version, createdAtSeconds, description, metadata, definition }: Version) => ({
  metadata,
  object: 'agent.version',
  id: `${name}:${version}`,
  name,
  version,
  description,
  created_at: createdAtSeconds,
  definition,
})
