/** What becomes of parameters that the model inference API does not describe: its `extra-parameters` header says. */
import { extraParameters, unexpectedExtraParameters } from '../../errors/inference.ts'
import { isObject } from '../../base/object.ts'
import type { BodyContext } from '../../operation.ts'

/** The body as its model gets it. Other surfaces have no such header, and theirs is left as it is. */
export function modelInput(input: unknown, described: ReadonlySet<string>, { surface, headers }: BodyContext): unknown {
  if (surface !== 'inference' || !isObject(input)) return input
  const wish = headers.get('extra-parameters') ?? 'error'
  if (wish === 'pass-through') return input
  const all = Object.keys(input)
  const names = all.filter((name) => !described.has(name))
  switch (wish) {
    case 'drop':
      if (names.length === 0) return input
      return Object.fromEntries(all.filter((name) => described.has(name)).map((name) => [name, input[name]]))
    case 'error':
      if (names.length > 0) throw extraParameters(names)
      return input
    default:
      throw unexpectedExtraParameters(wish)
  }
}

/** As described for 2024-05-01-preview. */
export const chatParameters: ReadonlySet<string> = new Set([
  'messages',
  'model',
  'frequency_penalty',
  'presence_penalty',
  'temperature',
  'top_p',
  'max_tokens',
  'stop',
  'stream',
  'seed',
  'response_format',
  'tools',
  'tool_choice',
  'modalities',
])

export const embeddingParameters: ReadonlySet<string> = new Set([
  'input',
  'model',
  'dimensions',
  'encoding_format',
  'input_type',
])
