/** Events of a streamed chat completion: what stands around each of them, and the padding within. */
import type { Call } from '../../operation.ts'
import type { ChatBody } from './body.ts'
import { newId, objectName, serviceTier } from './envelope.ts'
import { isRetired } from '../../models/abilities.ts'
import { createdSeconds, fingerprint, servedName } from '../parts/model-fields.ts'
import { type Padding, padding } from '../parts/obfuscation.ts'

export type ChunkFrame = {
  /** Between the choices and the padding. */
  readonly head: string
  /** Behind the padding, up to the end of the object. */
  readonly close: string
  readonly pad: Padding | undefined
  /** `members` begin with a comma where `filter` stands before them; without one they do not. */
  readonly chunk: (filter: string | undefined, members: string) => string
  /** Without any choices (recorded April 2025, behind sound). */
  readonly none: () => string
  /** The last but `[DONE]`, where it is asked for. */
  readonly usage: (usage: string) => string
}

export function chunkFrame(call: Call<ChatBody>, id?: string): ChunkFrame {
  const options = call.body.stream_options
  // Services of retired models send none (recorded November 2025).
  const isPadded = options?.include_obfuscation !== false && !isRetired(call.deployment.model)
  const pad = isPadded ? padding(call.timing) : undefined
  const head = `,"created":${createdSeconds(call)},"id":"${id ?? newId(call)}","model":${servedName(call)},`
  const tail =
    `"object":"${objectName(call.body)}.chunk",${serviceTier(call)}` +
    `"system_fingerprint":${fingerprint(call.deployment.model)}`
  const close = options?.include_usage === true ? `${tail},"usage":null}` : `${tail}}`
  const cover = (length: number, remainder: 13 | 1) => (pad ? `"obfuscation":"${pad(length, remainder)}",` : '')
  return {
    head,
    close,
    pad,
    chunk: (filter, members) => {
      // What is measured for the padding has an empty verdict in the filter's place.
      const start = filter === undefined ? '{"choices":[{' : '{"choices":[{"content_filter_results":{}'
      const hidden = cover(start.length + members.length + 2 + head.length + emptyCover + close.length, 13)
      return `data: {"choices":[{${filter === undefined ? '' : `"content_filter_results":${filter}`}${members}}]${head}${hidden}${close}\n\n`
    },
    none: () => `data: {${head.slice(1)}${close}\n\n`,
    usage: (usage) => {
      const end = `${tail},"usage":${usage}}`
      return `data: {"choices":[]${head}${cover('{"choices":[]'.length + head.length + emptyCover + end.length, 1)}${end}\n\n`
    },
  }
}

const emptyCover = '"obfuscation":"",'.length

export const doneEvent = 'data: [DONE]\n\n'

/** What bears no id: the prompt's verdict, and those of an asynchronous filter. */
export const bareChunk = (choices: string, rest = '') =>
  `data: {"choices":[${choices}],"created":0,"id":"","model":"","object":""${rest}}\n\n`
