/** What a criterion makes of an item: texts are compared, what a model would judge is drawn. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { type Random, seededRandom } from '../../random.ts'
import type { Criterion, Eval, EvalItem, EvalRun } from './kept.ts'

export type Grade = {
  readonly criterion: Criterion
  readonly score: number
  readonly threshold: number | null
  readonly label: string
  readonly isPassed: boolean
}

/** Of each criterion, for the item at that place. */
export function gradesOf({ criteria }: Eval, run: EvalRun, place: number): readonly Grade[] {
  const random = seededRandom((run.seed + place) >>> 0)
  const item = run.items[place]
  return item ? criteria.map((criterion) => gradeOf(criterion, item, random)) : []
}

/** Of one. */
export function gradeOf(criterion: Criterion, item: EvalItem, random: Random): Grade {
  const text = (name: string) => filled(textOf(criterion[name]), item)
  switch (criterion.type) {
    case 'string_check':
      return passing(criterion, isAsAsked(textOf(criterion['operation']), text('input'), text('reference')) ? 1 : 0, 1)
    case 'text_similarity':
      return passing(criterion, overlap(text('input'), text('reference')), numberOf(criterion['pass_threshold'], 0.5))
    case 'label_model': {
      const labels = textsIn(criterion['labels'])
      const label = labels[random.below(Math.max(1, labels.length))] ?? ''
      const isPassed = textsIn(criterion['passing_labels']).includes(label)
      return { criterion, score: isPassed ? 1 : 0, threshold: null, label, isPassed }
    }
    case 'score_model': {
      const [low = 0, high = 1] = Array.isArray(criterion['range']) ? (criterion['range'] as number[]) : []
      const score = low + (high - low) * random.fraction()
      return passing(criterion, score, numberOf(criterion['pass_threshold'], (low + high) / 2))
    }
    default:
      // Most evaluators give one to five, of which three is enough.
      return passing(criterion, 1 + random.below(5), 3)
  }
}

function passing(criterion: Criterion, score: number, threshold: number): Grade {
  const isPassed = score >= threshold
  return { criterion, score, threshold, label: isPassed ? 'pass' : 'fail', isPassed }
}

function isAsAsked(operation: string, input: string, reference: string): boolean {
  if (operation === 'ne') return input !== reference
  if (operation === 'like') return input.includes(reference)
  if (operation === 'ilike') return input.toLowerCase().includes(reference.toLowerCase())
  return input === reference
}

/** How much of two texts is the same words, for any of the metrics: their mean of precision and recall. */
function overlap(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)]
  if (left.length === 0 || right.length === 0) return left.length === right.length ? 1 : 0
  const counts = new Map<string, number>()
  for (const word of right) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of left) {
    const rest = counts.get(word) ?? 0
    if (rest > 0) common++
    counts.set(word, rest - 1)
  }
  return (2 * common) / (left.length + right.length)
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const numberOf = (value: unknown, usual: number): number => (typeof value === 'number' ? value : usual)

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(textOf) : [])

/** `{{item.name}}` and `{{sample.output_text}}` stand for what is there. */
const filled = (template: string, { item, sample = {} }: EvalItem): string =>
  template.replace(/\{\{\s*(item|sample)\.([\w.]+)\s*\}\}/g, (_, from: string, path: string) =>
    textOf(path.split('.').reduce<unknown>(within, from === 'item' ? item : sample)),
  )

const within = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)
