/** The page at `/++/`: files that the build makes, which need no key, as nothing secret is in them. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { gatewayError, resourceNotFound } from '../errors.ts'
import type { SimResponse } from '../types.ts'

const types: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
}

/** Scripts, styles and requests of its own origin and nothing else, and no page may frame it. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const isPagePath = (path: string): boolean =>
  path === '/++/' || path === '/++' || path === '/++/page.js' || path === '/++/page.css'

/** Throws an `ApiError` where the page was not built. */
export async function pageFile(path: string): Promise<SimResponse> {
  // Without its slash at the end the page would ask for its files one level above.
  if (path === '/++') return { status: 308, headers: { Location: '/++/', 'Content-Length': '0' } }
  const name = path === '/++/' ? 'index.html' : path.slice('/++/'.length)
  const type = types[name]
  if (type === undefined) throw resourceNotFound()
  const body = await contentOf(name)
  return {
    status: 200,
    headers: {
      'Content-Type': type,
      'Content-Length': String(body.length),
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    },
    body,
  }
}

async function contentOf(name: string): Promise<Uint8Array> {
  try {
    return await readFile(createRequire(import.meta.url).resolve(`#ui/${name}`))
  } catch {
    throw gatewayError(404, 'PageNotBuilt', 'The page is not there: run "npm run build" to make it.')
  }
}
