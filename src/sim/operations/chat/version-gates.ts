/** Which models and parts of a body the dated surface takes from which api-version on. */
import { featureTooNew, modelTooNew } from '../../errors/api-version.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import { byName } from '../../models/by-name.ts'
import type { Model } from '../../types.ts'

type Gate = { readonly what: string; readonly since: string; readonly isUsed: (input: JsonObject) => boolean }

/** Of chat completions, in the words of users (dotnet/extensions 6130, openai-java 662, ruby_llm 600; 2025-2026). */
const features: readonly Gate[] = [
  {
    what: 'response_format value as json_schema',
    since: '2024-08-01-preview',
    isUsed: ({ response_format: format }) => isObject(format) && format['type'] === 'json_schema',
  },
  { what: 'Prediction', since: '2025-01-01-preview', isUsed: ({ prediction }) => isObject(prediction) },
]

/**
 * O1, o3-mini and o4-mini are quoted by users (chatbox 1745, langchain4j 2636; 2025); the first o1 models and o3 are
 * Microsoft's page on reasoning models.
 */
const models: readonly (readonly [RegExp, string])[] = [
  [/^o1-(?:preview|mini)$/, '2024-09-01-preview'],
  [/^(?:o1|o3|o3-mini|o4-mini)$/, '2024-12-01-preview'],
]

const sinceOf = byName((name) => models.find(([pattern]) => pattern.test(name))?.[1])

/** Throws what the service answers where a dated version is older than the model, or than what the body asks for. */
export function refuseByVersion(version: string, model: Model, input: unknown): void {
  const since = sinceOf(model)
  if (since !== undefined && version < since) throw modelTooNew(since)
  if (!isObject(input)) return
  const gate = features.find((feature) => version < feature.since && feature.isUsed(input))
  if (gate) throw featureTooNew(gate.what, gate.since)
}
