/** `/++/resources`: the resources of this process, and their keys. */
import { decodedOr } from '../base/decoded.ts'
import { mapInSteps, step } from '../base/slices.ts'
import { gatewayError } from '../errors.ts'
import { parseJsonObject } from '../http/body.ts'
import type { KeyName, Keys } from '../http/keys.ts'
import { originOf } from '../http/links.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json, type Sliced } from './answers.ts'
import type { Sessions } from './sessions.ts'

export type ResourceView = {
  readonly name: string
  readonly region: string
  readonly hosts: readonly string[]
  readonly deployments: readonly string[]
  readonly keys: Keys
  /** What stands before its paths. */
  readonly base: string
}

export type ResourceDirectory = {
  readonly sessions: Sessions
  readonly names: () => readonly string[]
  /** Each is opened for it, in slices where work is done so. */
  readonly resources: () => readonly ResourceView[]
  /** `undefined` where there is none of that name. */
  readonly find: (name: string) => ResourceView | undefined
}

/** `undefined` for a path that is no resource's. Throws an `ApiError`. */
export function answerWorld(
  request: SimRequest,
  route: string,
  { world, sliced }: { readonly world: ResourceDirectory; readonly sliced: Sliced },
): Promise<SimResponse> | undefined {
  const [, name, action] = /^\/\+\+\/resources(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(route) ?? []
  if (!/^\/\+\+\/resources(?:\/|$)/.test(route)) return undefined
  return answer(request, { name: name && decodedOr(name, name), action, sliced }, world)
}

type Asked = { readonly name: string | undefined; readonly action: string | undefined; readonly sliced: Sliced }

async function answer(
  request: SimRequest,
  { name, action, sliced }: Asked,
  world: ResourceDirectory,
): Promise<SimResponse> {
  const told = (view: ResourceView) => toldOf(view, request)
  if (name === undefined) {
    allow(request, 'GET')
    return sliced(() => {
      const resources = mapInSteps(world.resources(), told)
      return step(() => json(200, { resources }))
    })
  }
  const found = world.find(name)
  if (!found) throw noResource(name, world)
  if (action === undefined) {
    allow(request, 'GET')
    return json(200, told(found))
  }
  allow(request, 'POST')
  if (action === 'list-keys') return json(200, keysOf(found))
  if (action !== 'regenerate-key') throw gatewayError(404, '404', 'Actions are list-keys and regenerate-key.')
  const keyName = await keyNameOf(request)
  found.keys.regenerate(keyName)
  const [first, second] = found.keys.all()
  return json(200, { keyName, value: keyName === 'Key1' ? first : second, ...keysOf(found) })
}

const keysOf = ({ keys }: ResourceView) => {
  const [key1, key2] = keys.all()
  return { key1, key2 }
}

const toldOf = ({ name, region, hosts, deployments, base }: ResourceView, request: SimRequest) => ({
  name,
  endpoint: originOf(request) + base,
  region,
  hosts,
  deployments,
})

async function keyNameOf(request: SimRequest): Promise<KeyName> {
  const bytes = await request.bytes(maxBytes)
  const name = bytes && parseJsonObject(bytes)?.['keyName']
  if (name === 'Key1' || name === 'Key2') return name
  throw gatewayError(400, 'InvalidKeyName', 'keyName must be Key1 or Key2: send { "keyName": "Key1" }.')
}

const maxBytes = 65_536

function allow({ method }: SimRequest, only: string): void {
  if (method !== only) throw gatewayError(405, '405', `Only ${only} is answered here.`)
}

export function noResource(name: string, world: Pick<ResourceDirectory, 'names'>) {
  const names = world.names()
  const some = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '')
  const message = `There is no resource ${JSON.stringify(name.slice(0, 64))}. There are: ${some}. GET /++/resources lists all.`
  return gatewayError(404, 'ResourceNotFound', message)
}
