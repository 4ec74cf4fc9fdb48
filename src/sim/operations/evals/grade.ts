/** What a criterion makes of an item: texts are compared, what a model would judge is drawn. All of it in steps. */
import { textOf } from '../../base/text-of.ts'
import { type Random, seededRandom } from '../../random.ts'
import type { Criterion, EvalItem, EvalRun } from './kept.ts'
import { Filling, includes, overlap } from './texts.ts'

export type Grade = {
  readonly criterion: Criterion
  readonly score: number
  readonly threshold: number | null
  readonly label: string
  readonly isPassed: boolean
}

type Steps<T> = Generator<undefined, T>

/** A criterion made ready for many items. */
export type Judge = (filling: Filling, random: Random) => Steps<Grade>

/** Of each criterion, for the item at that place. */
export function* gradesOf(judges: readonly Judge[], run: EvalRun, place: number): Steps<readonly Grade[]> {
  const random = seededRandom((run.seed + place) >>> 0)
  const item = run.items[place]
  if (!item) return []
  const filling = new Filling(item)
  const grades: Grade[] = []
  for (const judge of judges) {
    yield
    grades.push(yield* judge(filling, random))
  }
  return grades
}

/** Of one. */
export function* gradeOf(criterion: Criterion, item: EvalItem, random: Random): Steps<Grade> {
  return yield* judgeOf(criterion)(new Filling(item), random)
}

export function judgeOf(criterion: Criterion): Judge {
  const text = (name: string) => textOf(criterion[name])
  switch (criterion.type) {
    case 'string_check': {
      const [operation, input, reference] = [text('operation'), text('input'), text('reference')]
      return function* (filling) {
        const is = yield* isAsAsked(operation, filling, [
          yield* filling.filled(input),
          yield* filling.filled(reference),
        ])
        return passing(criterion, is ? 1 : 0, 1)
      }
    }
    case 'text_similarity': {
      const [input, reference, threshold] = [
        text('input'),
        text('reference'),
        numberOf(criterion['pass_threshold'], 0.5),
      ]
      return function* (filling) {
        const [left, right] = [yield* filling.filled(input), yield* filling.filled(reference)]
        return passing(criterion, yield* overlap(left, right), threshold)
      }
    }
    case 'label_model': {
      const labels = textsIn(criterion['labels'])
      const isPassing = new Set(textsIn(criterion['passing_labels']))
      return drawn((random) => {
        const label = labels[random.below(Math.max(1, labels.length))] ?? ''
        const isPassed = isPassing.has(label)
        return { criterion, score: isPassed ? 1 : 0, threshold: null, label, isPassed }
      })
    }
    case 'score_model': {
      const [low = 0, high = 1] = Array.isArray(criterion['range']) ? (criterion['range'] as number[]) : []
      const threshold = numberOf(criterion['pass_threshold'], (low + high) / 2)
      return drawn((random) => passing(criterion, low + (high - low) * random.fraction(), threshold))
    }
    default:
      // Most evaluators give one to five, of which three is enough.
      return drawn((random) => passing(criterion, 1 + random.below(5), 3))
  }
}

const drawn = (draw: (random: Random) => Grade): Judge =>
  function* (_filling, random) {
    return draw(random)
  }

function passing(criterion: Criterion, score: number, threshold: number): Grade {
  const isPassed = score >= threshold
  return { criterion, score, threshold, label: isPassed ? 'pass' : 'fail', isPassed }
}

function* isAsAsked(
  operation: string,
  filling: Filling,
  [input, reference]: readonly [string, string],
): Steps<boolean> {
  if (operation === 'ne') return input !== reference
  if (operation === 'like') return yield* includes(input, reference)
  if (operation === 'ilike') return yield* includes(filling.lowered(input), reference.toLowerCase())
  return input === reference
}

const numberOf = (value: unknown, usual: number): number => (typeof value === 'number' ? value : usual)

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(textOf) : [])
