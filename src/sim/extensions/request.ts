/** A request as an extension reads it. */
import { parseForm } from '../base/form.ts'
import { originOf } from '../http/links.ts'
import type { SimRequest, Target } from '../types.ts'
import type { ExtensionRequest } from './define.ts'

export type Readable = {
  readonly method: string
  readonly url: string
  readonly target: Target
  readonly params: Readonly<Record<string, string>>
  readonly headers: SimRequest['headers']
  readonly signal: AbortSignal | undefined
  readonly bytes: () => Promise<Uint8Array>
}

export function toExtensionRequest({
  method,
  url,
  target,
  params,
  headers,
  signal,
  bytes,
}: Readable): ExtensionRequest {
  const text = async () => new TextDecoder().decode(await bytes())
  return {
    method,
    url: absolute({ url, headers }),
    path: target.path,
    // A copy: what was taken apart is shared between requests.
    query: new URLSearchParams(target.query),
    params,
    headers: { get: (name) => headers.get(name.toLowerCase()) },
    text,
    json: async () => JSON.parse(await text()) as unknown,
    arrayBuffer: async () => new Uint8Array(await bytes()).buffer,
    formData: async () => {
      const form = parseForm(await bytes(), headers.get('content-type') ?? '')
      if (form === undefined) throw new TypeError('The body is no form.')
      return form
    },
    ...(signal && { signal }),
  }
}

const absolute = (request: Pick<SimRequest, 'url' | 'headers'>) =>
  request.url.startsWith('/') ? originOf(request) + request.url : request.url
