/** `aoai-sim recordings new`: a document to fill in, named so that the request finds it. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createBlank, type RecordingStore } from '../sim/index.ts'
import type { Terminal } from './terminal.ts'

export type NewRecording = {
  readonly request?: string
  readonly path: string
  readonly method: string
  readonly contentType: string
  readonly ignore?: readonly string[]
}

export async function newRecording(store: RecordingStore, asked: NewRecording, terminal: Terminal): Promise<void> {
  const method = asked.method.toUpperCase()
  const url = addressOf(asked.path)
  const bytes =
    asked.request === undefined ? new Uint8Array() : await bodyAt(resolve(terminal.cwd ?? '', asked.request))
  const contentType = bytes.length > 0 ? asked.contentType : ''
  const query = Object.fromEntries(url.searchParams)
  const { name, isNew } = await createBlank(
    store,
    { method, path: url.pathname, contentType, bytes },
    { query, ...(asked.ignore && { ignore: asked.ignore }) },
  )
  if (!isNew) throw new Error(`There is a recording of that request already: ${name} in ${store.label}`)
  terminal.out(`${name} in ${store.label}: fill in its response`)
}

/** Of a path, or of an address as it was called. */
function addressOf(path: string): URL {
  const base = path.startsWith('/') ? 'http://localhost' : undefined
  const url = URL.canParse(path, base) ? new URL(path, base) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error(`Not a path: ${path} (for example /openai/deployments/gpt-4o/chat/completions)`)
  }
  return url
}

async function bodyAt(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new Error(`The request cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
