/** Which name of one document is which of the other: `/++/config` speaks the Python simulator's, `/++/settings` that of `sim.yaml`. */
import { declared } from '../config/declared.ts'
import { namesAt } from '../config/schema-parts.ts'
import { unknownName } from '../config/problem.ts'
import type { Path } from '../config/tree.ts'

/** What stands where: a key of `/++/config` on the left, what it sets on the right. `*` is a deployment's name. */
export type NamePair = { readonly document: Path; readonly setting: Path }

export const rows: readonly NamePair[] = declared.flatMap(({ path, kind, python }): readonly NamePair[] => {
  if (!python) return []
  if (kind === 'time') return [{ document: python, setting: [...path, 'ms'] }]
  if (kind !== 'spread') return [{ document: python, setting: path }]
  return [
    { document: [...python, 'mean'], setting: [...path, 'meanMs'] },
    { document: [...python, 'std_dev'], setting: [...path, 'stdDevMs'] },
  ]
})

/** Names at the same depth stand for each other. */
const pairs = declared.flatMap(({ path, python = [] }) =>
  python.map((name, at) => ({ document: name, setting: path[at] ?? '' })),
)

/** For a name that `/++/config` does not have at this place, where it has `known`. */
export function unknownInDocument(name: string, path: Path, known: readonly string[]): string {
  const meant = pairs.find(({ document, setting }) => setting === name && known.includes(document))?.document
  if (meant !== undefined && meant !== name) return suggestion(meant)
  const isSetting = name !== 'apiKey' && settingPlaces(path).some((place) => namesAt(place)?.includes(name))
  return `is not a setting; ${isSetting ? 'it is one of /++/settings' : unknownName(name, known)}`
}

/** Where in `sim.yaml` the settings stand that are at a place of the document. */
function settingPlaces(path: Path): readonly Path[] {
  if (path.length === 0) return [[]]
  return declared.flatMap(({ path: setting, python }) =>
    python?.length === setting.length && path.every((name, at) => python[at] === name || python[at] === '*')
      ? [setting.slice(0, path.length)]
      : [],
  )
}

/** The setting that was meant by a name of `/++/config`; `undefined` for any other name. */
export function meantSetting(name: string, known: readonly string[]): string | undefined {
  return pairs.find(({ document, setting }) => document === name && known.includes(setting))?.setting
}

export const suggestion = (name: string) => `is not a setting; did you mean ${name}?`
