/** The path and the query of a request, taken apart once, without the cost of a `URL`. */
import { Memo } from '../base/memo.ts'
import type { Target } from '../types.ts'

const noQuery = new URLSearchParams()

/** The most targets that are remembered, and the longest of them: clients ask for few, again and again. */
const maxRemembered = 256
const longestRemembered = 256
const remembered = new Memo<string, Target>(maxRemembered)

/** Asked for more than once by one request, and the next one's often is the same. */
let latest: { readonly url: string; readonly target: Target } = { url: '', target: { path: '/', query: noQuery } }

/** What it gives is shared between requests, and must not be changed. */
export function parseTarget(url: string): Target {
  if (latest.url !== url) {
    const target = url.length <= longestRemembered ? remembered.of(url, takeApart) : takeApart(url)
    latest = { url, target }
  }
  return latest.target
}

function takeApart(url: string): Target {
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
