/** `/++/sessions`: a world for one test, with an endpoint and a key of its own. */
import type { Tree } from '../config/tree.ts'
import { gatewayError } from '../errors.ts'
import { originOf } from '../http/links.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { mapInSteps, step } from '../base/slices.ts'
import { json, type Sliced } from './answers.ts'
import { verdictOf } from './verdict.ts'
import type { Control } from './index.ts'

export type SessionView = {
  readonly id: string
  readonly name: string
  /** What stands before its paths. */
  readonly base: string
  readonly apiKey: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly calls: number
  readonly running: number
  readonly statuses: Readonly<Record<string, number>>
  readonly control: Control
}

export type Sessions = {
  /** Throws a `ConfigError` for what it says wrong. In slices where work is done so. */
  readonly create: (given: Tree) => SessionView
  /** The one that was idle longest first. */
  readonly list: () => readonly SessionView[]
  readonly get: (id: string) => SessionView | undefined
  readonly change: (id: string, given: Tree) => Promise<SessionView | undefined>
  readonly delete: (id: string) => SessionView | undefined
}

type Asked = {
  readonly request: SimRequest
  readonly id: string | undefined
  readonly body: () => Promise<Tree>
  readonly sliced: Sliced
}

export async function answerSessions({ request, id, body, sliced }: Asked, sessions: Sessions): Promise<SimResponse> {
  const told = (view: SessionView) => toldOf(view, request)
  const found = (view: SessionView | undefined) => {
    if (view) return view
    throw gatewayError(
      404,
      'SessionNotFound',
      'There is no such session, or it is over. GET /++/sessions lists those that there are.',
    )
  }
  const ended = (view: SessionView) => json(200, { ...told(view), verdict: verdictOf(view.control) })
  const made = async (given: Tree) => json(201, told(await sliced(() => sessions.create(given))))
  switch (`${request.method} ${id === undefined ? 'all' : 'one'}`) {
    case 'POST all':
      return made(await body())
    case 'GET all':
      return sliced(() => {
        const all = mapInSteps(sessions.list(), told)
        return step(() => json(200, { sessions: all }))
      })
    case 'GET one':
      return json(200, told(found(sessions.get(id ?? ''))))
    case 'PATCH one':
      return json(200, told(found(await sessions.change(id ?? '', await body()))))
    case 'DELETE one':
      return ended(found(sessions.delete(id ?? '')))
    default:
      throw gatewayError(
        405,
        '405',
        'Sessions are made by POST and listed by GET; one of them is read, changed and deleted.',
      )
  }
}

const toldOf = (view: SessionView, request: SimRequest) => ({
  id: view.id,
  name: view.name,
  endpoint: originOf(request) + view.base,
  apiKey: view.apiKey,
  createdAt: new Date(view.createdAtMs).toISOString(),
  expiresAt: new Date(view.expiresAtMs).toISOString(),
  /** It lives in this process alone. */
  livesIn: 'process',
  counts: { calls: view.calls, running: view.running, statuses: view.statuses },
})
