/** What the schema cannot know of a deployment: whether its model exists, and what that model can be given. */
import { through } from '../base/slices.ts'
import type { Model, ModelKind } from '../types.ts'
import { maxTold, mismatch, nearestNames, shown, type Problem } from './problem.ts'
import { ownerOf, settingName, type SourceReading } from './read-source.ts'
import { isTree, valueAt, type Path, type Tree } from './tree.ts'

/** Handed in, as models live in a part of the app that this part does not import. */
export type ModelLookup = {
  readonly findModel: (name: string) => Model | undefined
  readonly modelNames: () => readonly string[]
  /** Of the extension; absent where it was not looked at. */
  readonly extensionOperations?: readonly string[]
  /** Phases of the timeline of the process, where the settings are another resource's. */
  readonly phasesAbove?: readonly string[]
  /** What is wrong with what deployments were given; absent where that is not looked at. */
  readonly capacityProblems?: (deployments: readonly NamedDeployment[]) => readonly CapacityProblem[]
}

/** As it was written, with its model. */
type NamedDeployment = { readonly name: string; readonly model: Model; readonly given: Tree }
type CapacityProblem = { readonly name: string; readonly key: string; readonly message: string }

export const deploymentProblems = (
  settings: Tree,
  readings: readonly SourceReading[],
  models: ModelLookup,
): readonly Problem[] => through(() => problemsInSteps(settings, readings, models))

/** So many deployments are looked at between two places where others may have their turn. */
const deploymentsAStep = 128

function* problemsInSteps(
  settings: Tree,
  readings: readonly SourceReading[],
  { findModel, modelNames, capacityProblems }: ModelLookup,
): Generator<undefined, readonly Problem[]> {
  let looked = 0
  const problems: Problem[] = []
  const known: NamedDeployment[] = []
  const report = (name: string, keys: Path, message: string) => {
    const path = ['deployments', name, ...keys]
    const owner = ownerOf(readings, path) ?? ownerOf(readings, path.slice(0, -1))
    problems.push({ path, setting: owner ? settingName(owner, path) : path.join('.'), message })
  }
  const deployments = valueAt(settings, ['deployments'])
  const named = valueAt(settings, ['contentFilters'])
  const filters = new Set(Object.keys(isTree(named) ? named : {}).map((one) => one.toLowerCase()))
  const all = isTree(deployments) ? deployments : {}
  for (const name of Object.keys(all)) {
    if (++looked % deploymentsAStep === 0) yield
    const deployment = all[name]
    const filter = valueAt(deployment, ['contentFilter'])
    if (typeof filter === 'string' && !filters.has(filter.toLowerCase()))
      report(name, ['contentFilter'], `found ${shown(filter)}, which is none of contentFilters`)
    const modelName = valueAt(deployment, ['model'])
    if (typeof modelName !== 'string') continue
    const model = findModel(modelName)
    // What is not told need not be put into words.
    if (!model) report(name, ['model'], problems.length < maxTold ? unknownModel(modelName, modelNames()) : '')
    else {
      const isFree = ownerOf(readings, ['deployments', name, 'dimensions'])?.takesAnySize ?? false
      for (const { keys, message } of misfits(deployment, model, isFree)) report(name, keys, message)
      if (isTree(deployment)) known.push({ name, model, given: deployment })
    }
  }
  yield
  for (const { name, key, message } of capacityProblems?.(known) ?? []) report(name, [key], message)
  return problems
}

/** Whether its answers come token by token; if not, latency is one duration for each of the operation's units. */
export function isPacedByToken({ kinds }: Model): boolean {
  return kinds.some((kind) => pacedByToken.includes(kind))
}

const pacedByToken: readonly ModelKind[] = ['chat', 'responses', 'messages', 'completion']

function unknownModel(name: string, known: readonly string[]): string {
  const nearest = nearestNames(name, known, 3).join(', ')
  return `found ${shown(name)}, which is not in the model catalogue; the nearest names are ${nearest}`
}

type Misfit = { readonly keys: Path; readonly message: string }

function misfits(deployment: unknown, model: Model, isAnySizeTaken: boolean): readonly Misfit[] {
  const said = (...keys: string[]) => valueAt(deployment, keys)
  const found: Misfit[] = []
  const dimensions = said('dimensions')
  const allowed = allowedDimensions(model)
  if (typeof dimensions === 'number' && !isAnySizeTaken && !allowed.has(dimensions)) {
    found.push({ keys: ['dimensions'], message: mismatch(shown(dimensions), allowed.told) })
  }
  const perToken = said('latency', 'interToken') !== undefined || said('latency', 'timeToFirstToken') !== undefined
  if (isPacedByToken(model)) {
    const told = `{ timeToFirstToken, interToken }, as ${model.name} answers in tokens`
    if (said('latency', 'each') !== undefined) {
      found.push({ keys: ['latency'], message: mismatch('one duration', told) })
    } else if (perToken && said('latency', 'interToken') === undefined && said('latency', 'profile') === undefined) {
      found.push({ keys: ['latency', 'interToken'], message: mismatch('nothing', 'a duration') })
    }
  } else if (perToken || said('latency', 'profile') !== undefined) {
    const told = `one duration, as 100ms ± 30ms, as ${model.name} does not answer in tokens`
    found.push({ keys: ['latency'], message: mismatch('a mapping', told) })
  }
  return found
}

function allowedDimensions({ name, dimensions }: Model): { has: (size: number) => boolean; told: string } {
  if (!dimensions) return { has: () => false, told: `nothing, as ${name} makes no embeddings` }
  const { size, isAdjustable } = dimensions
  return isAdjustable
    ? { has: (asked) => asked <= size, told: `1 to ${size} for ${name}` }
    : { has: (asked) => asked === size, told: `${size} for ${name}` }
}
