/** Events of a streamed chat completion: what stands around each of them, and the padding within. */
import type { Config } from '../../config/config.ts'
import type { Call } from '../../operation.ts'
import type { ChatBody } from './body.ts'
import { filterMember } from '../../answers/filter-results.ts'
import { newId, objectName, routingMember, serviceTier } from './envelope.ts'
import { isRetired } from '../../models/abilities.ts'
import { createdSeconds, fingerprint, servedName } from '../parts/model-fields.ts'
import { padding } from '../parts/obfuscation.ts'
import { flat, Latest, shared } from './shared-texts.ts'
import type { TokenFrame } from './token-events.ts'

export type ChunkFrame = {
  /** `members` begin with a comma where `filter` stands before them; without one they do not. */
  readonly chunk: (filter: string | undefined, members: string) => string
  /** The same chunk for each token of a text, put together once: its `members` are what stands before a token and behind. */
  readonly around: (filter: string, members: readonly [string, string]) => TokenFrame
  /** Without any choices (recorded April 2025, behind sound). */
  readonly none: () => string
  /** The last but `[DONE]`, where it is asked for. */
  readonly usage: (usage: string, checkpoint?: string) => string
}

export function chunkFrame(call: Call<ChatBody>, id?: string): ChunkFrame {
  const options = call.body.stream_options
  const told = call.resource.config.contentFilter
  // Services of retired models send none (recorded November 2025).
  const isPadded = options?.include_obfuscation !== false && !isRetired(call.deployment.model)
  const pad = isPadded ? padding(call.timing) : undefined
  const beginning = `,"created":${createdSeconds(call)},"id":"${id ?? newId(call)}",`
  const model = `"model":${servedName(call)},`
  const head = beginning + model
  const { object, tail, close, end } = closings.of(
    objectName(call.body),
    serviceTier(call),
    fingerprint(call.deployment.model),
    options?.include_usage === true,
    isPadded,
  )
  const cover = (length: number, remainder: 13 | 1) => (pad ? coverOf(pad(length, remainder)) : '')
  const textOf = (filter: string | undefined, members: string, hidden: string) =>
    `{"choices":[{${filter === undefined ? '' : filterMember(told, filter)}${members}}]${head}${hidden}${close}`
  // What is measured for the padding has an empty verdict in the filter's place.
  const measured = (filter: string | undefined, members: string) =>
    textOf(filter === undefined ? undefined : '{}', members, coverOf('')).length
  return {
    chunk: (filter, members) => `data: ${textOf(filter, members, cover(measured(filter, members), 13))}\n\n`,
    around: (filter, [start, rest]) => {
      const before = beginnings.of(told, filter, start)
      const after = flat(`${rest}}]${head}${pad ? '"obfuscation":"' : ''}`)
      return { before, after, end, length: measured(filter, start + rest), pad }
    },
    none: () => `data: {${head.slice(1)}${close}\n\n`,
    usage: (usage, checkpoint) => {
      const end = `${object}${routingMember(call)}${tail.slice(object.length)},"usage":${usage}}`
      const before = checkpoint ? `${beginning}${checkpoint},${model}` : head
      return `data: {"choices":[]${before}${cover('{"choices":[]'.length + before.length + coverOf('').length + end.length, 1)}${end}\n\n`
    },
  }
}

/** What begins each chunk, up to its token. */
const beginnings = new Latest((told: Config['contentFilter'], filter: string, start: string) =>
  shared(`data: {"choices":[{${filterMember(told, filter)}${start}`),
)

/** What ends each chunk, behind the model's name. */
// eslint-disable-next-line max-params -- compared one by one
const closings = new Latest((name: string, tier: string, print: string, hasUsage: boolean, isPadded: boolean) => {
  const object = `"object":"${name}.chunk",`
  const tail = `${object}${tier}"system_fingerprint":${print}`
  const close = hasUsage ? `${tail},"usage":null}` : `${tail}}`
  return { object, tail, close, end: shared(`${isPadded ? '",' : ''}${close}\n\n`) }
})

const coverOf = (letters: string) => `"obfuscation":"${letters}",`

export const doneEvent = 'data: [DONE]\n\n'

/** What bears no id: the prompt's verdict, and those of an asynchronous filter. */
export const bareChunk = (choices: string, rest = '') =>
  `data: {"choices":[${choices}],"created":0,"id":"","model":"","object":""${rest}}\n\n`
