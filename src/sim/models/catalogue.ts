/** Every model that the simulator knows: one row a name and version, and the ways to find one by what people write. */
import { table } from '../base/object.ts'
import type { Model } from '../types.ts'
import { chatRows } from './catalogue/chat.ts'
import { mediaRows } from './catalogue/media.ts'
import { morePartnerRows } from './catalogue/more-partners.ts'
import { olderRows } from './catalogue/older.ts'
import { partnerRows } from './catalogue/partners.ts'
import { reasoningRows } from './catalogue/reasoning.ts'
import { toModel } from './catalogue/row.ts'

const models: readonly Model[] = [
  ...olderRows,
  ...chatRows,
  ...reasoningRows,
  ...mediaRows,
  ...partnerRows,
  ...morePartnerRows,
].map(toModel)

/**
 * The model that `name` means: `gpt-4o` (its newest version), `gpt-4o-2024-08-06`, `gpt-4o_2024-08-06` and
 * `gpt-4o@2024-08-06`, `gpt-3.5-turbo` for `gpt-35-turbo`, and names of the upstream API, all in any case.
 */
export const findModel = (name: string): Model | undefined => byName.get(canonicalName(name))

/** Every name without its versions, in the order of the tables. */
export const modelNames = (): readonly string[] => names

/** Every name that is understood, in canonical form. */
export const modelSpellings = (): readonly string[] => [...byName.keys()]

export const allModels = (): readonly Model[] => models

/** As the service's list of models names a model (quoted, July 2023 and spring 2026): a version that is just `1` is not told. */
export const modelId = ({ name, version }: Model): string =>
  version === '1' || bearsVersion.test(name) ? name : longId(name, version)

/** The model that the list has under that very id; else what the name means. */
export const listedModel = (id: string): Model | undefined =>
  models.find((model) => modelId(model).toLowerCase() === id.toLowerCase()) ?? findModel(id)

/** Models of GPT-3 have theirs in their names. */
const bearsVersion = /^(?:text|code)-(?!embedding-).+-00\d$/

const longId = (name: string, version: string): string => `${name}-${version}`

/** One spelling for all that mean the same: lower case, `-` between words, and Azure's `gpt-35` for `gpt-3.5`. */
export const canonicalName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[_@:\s]/g, '-')
    .replaceAll('gpt-3.5', 'gpt-35')

/** What the upstream API calls a model that Azure calls otherwise. */
const aliases: Readonly<Record<string, string>> = table({
  'gpt-4-turbo': 'gpt-4-turbo-2024-04-09',
  'gpt-4-turbo-preview': 'gpt-4-0125-preview',
  'whisper-1': 'whisper',
  'tts-1': 'tts',
  'tts-1-hd': 'tts-hd',
})

const names: readonly string[] = [...new Set(models.map((model) => model.name))]
const byName = indexed()

function indexed(): ReadonlyMap<string, Model> {
  const index = new Map<string, Model>()
  // A later row replaces an earlier one of its name, so that a name alone means the newest version. Whole names come
  // last: none may be hidden by what another model is served as.
  for (const model of models) index.set(canonicalName(model.servedName), model)
  for (const model of models) index.set(canonicalName(longId(model.name, model.version)), model)
  for (const model of models) index.set(canonicalName(model.name), model)
  for (const [alias, name] of Object.entries(aliases)) {
    const model = index.get(name)
    if (model) index.set(alias, model)
  }
  return index
}
