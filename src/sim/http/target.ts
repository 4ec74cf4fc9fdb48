/** The path and the query of a request, taken apart once, without the cost of a `URL`. */
import type { Target } from '../types.ts'

const noQuery = new URLSearchParams()

export function parseTarget(url: string): Target {
  const scheme = url.startsWith('/') ? -1 : url.indexOf('://')
  const pathStart = scheme < 0 ? 0 : url.indexOf('/', scheme + 3)
  if (pathStart < 0) return { path: '/', query: noQuery }
  const hash = url.indexOf('#', pathStart)
  const end = hash < 0 ? url.length : hash
  const question = url.indexOf('?', pathStart)
  if (question < 0 || question > end) return { path: url.slice(pathStart, end) || '/', query: noQuery }
  return {
    path: url.slice(pathStart, question) || '/',
    query: new URLSearchParams(url.slice(question + 1, end)),
  }
}
