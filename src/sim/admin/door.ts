/** The way in to the control API, which is loaded when somebody asks for it: no start needs to wait for it. */
import { compact } from '../base/layout.ts'
import { ApiError } from '../errors.ts'
import { writeError } from '../errors/layouts.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json, wholeAnswer } from './answers.ts'
import type { Control } from './index.ts'

/**
 * What is asked of the simulator itself and not of the service that it plays, with slashes that came twice (after an
 * endpoint that ends with one) once; `undefined` for all else.
 */
export function controlPath(path: string): string | undefined {
  if (path.length > 1 && path.charCodeAt(1) !== slash && !path.startsWith('/++')) return undefined
  const once = path.replace(/\/{2,}/g, '/')
  return once === '/' || once === '/++' || once.startsWith('/++/') ? once : undefined
}

const slash = 47

/** Never rejects. */
export async function handleControl(request: SimRequest, path: string, control: Control): Promise<SimResponse> {
  try {
    const { answerControl } = await import('./index.ts')
    return await answerControl(request, path, control)
  } catch (error) {
    if (error instanceof ApiError) return errorResponse(error)
    if (control.isConfigError(error)) return json(400, control.describe(error))
    control.report(error)
    return json(500, { error: { code: '500', message: 'The simulator failed to answer this request.' } })
  }
}

export function errorResponse(error: ApiError): SimResponse {
  const answer = wholeAnswer(error.status, writeError(error, { requestId: '', backEnd: compact }))
  return { ...answer, headers: { ...answer.headers, ...error.headers } }
}
