/** Graders of reinforcement fine-tuning, tried on one sample before a job uses them (published description, alpha). */
import * as z from 'zod'
import { invalidValue } from '../../errors.ts'
import { parseJsonObject } from '../../http/body.ts'
import { steppedFor } from '../../http/call-slices.ts'
import { later } from '../../http/validate.ts'
import { countTokensInSteps } from '../../models/tokenizer.ts'
import type { ResourceOperation } from '../../operation.ts'
import type { Random } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { reckon } from './formula.ts'
import { gradeOf } from './grade.ts'
import type { EvalItem } from './kept.ts'

const name = () => z.string()
const single = later(
  () =>
    [
      z.looseObject({
        type: z.literal('string_check'),
        name: name(),
        input: z.string(),
        reference: z.string(),
        operation: z.enum(['eq', 'ne', 'like', 'ilike']),
      }),
      z.looseObject({
        type: z.literal('text_similarity'),
        name: name(),
        input: z.string(),
        reference: z.string(),
        evaluation_metric: z.string(),
      }),
      z.looseObject({ type: z.literal('python'), name: name(), source: z.string() }),
      z.looseObject({
        type: z.literal('score_model'),
        name: name(),
        model: z.string(),
        input: z.array(z.unknown()),
        range: optional(z.tuple([z.number(), z.number()])),
      }),
    ] as const,
)
const one = later(() => z.discriminatedUnion('type', [...single()]))
const several = later(() =>
  z.looseObject({
    type: z.literal('multi'),
    name: name(),
    graders: z.union([one(), z.record(z.string(), one())]),
    calculate_output: z.string(),
  }),
)
const grader = later(() => z.discriminatedUnion('type', [...single(), several()]))
const validating = later(() => z.looseObject({ grader: grader() }))
const running = later(() =>
  z.looseObject({
    grader: grader(),
    item: optional(z.record(z.string(), z.unknown())),
    model_sample: z.string(),
  }),
)

type One = z.output<ReturnType<typeof one>>
type Several = z.output<ReturnType<typeof several>>

const shared = { scope: 'resource', backEnd: 'jobFiles', method: 'POST' } as const

export const graderValidate: ResourceOperation = {
  ...shared,
  name: 'Graders_Validate',
  accepts: { json: validating },
  path: '/fine_tuning/alpha/graders/validate',
  answer: (call) => jsonPlan({ grader: bodyOf(validating(), call).grader }, { backEnd: shared.backEnd }),
}

export const graderRun: ResourceOperation = {
  ...shared,
  name: 'Graders_Run',
  accepts: { json: running },
  path: '/fine_tuning/alpha/graders/run',
  async answer(call) {
    const asked = bodyOf(running(), call)
    const output = parseJsonObject(Buffer.from(asked.model_sample))
    const sample = { output_text: asked.model_sample, ...(output !== undefined && { output_json: output }) }
    const tried = { item: asked.item ?? {}, sample }
    const told = await steppedFor(call, () => toldResult(asked.grader, tried, call.resource.random))
    return jsonPlan(told, { backEnd: shared.backEnd })
  },
}

const usual = {
  formula_parse_error: false,
  sample_parse_error: false,
  truncated_observation_error: false,
  unresponsive_reward_error: false,
  invalid_variable_error: false,
  other_error: false,
  python_grader_server_error: false,
  python_grader_server_error_type: null,
  python_grader_runtime_error: false,
  python_grader_runtime_error_details: null,
  model_grader_server_error: false,
  model_grader_refusal_error: false,
  model_grader_parse_error: false,
  model_grader_server_error_details: null,
}

function* toldResult(asked: One | Several, item: EvalItem, random: Random) {
  const parts = asked.type === 'multi' ? partsOf(asked) : new Map([[asked.name, asked]])
  const scores = new Map<string, number>()
  const spent: { readonly model: string; readonly total_tokens: number }[] = []
  let itemTokens: number | undefined
  for (const [key, part] of parts) {
    scores.set(key, yield* scoreOf(part, item, random))
    yield
    if (part.type !== 'score_model') continue
    itemTokens ??= yield* tokensOf(item)
    spent.push({ model: part.model, ...usageOf(itemTokens + (yield* tokensOf(part.input))) })
  }
  const reward = asked.type === 'multi' ? reckon(asked.calculate_output, scores) : scores.get(asked.name)
  return {
    reward: reward ?? 0,
    metadata: {
      name: asked.name,
      type: asked.type,
      errors: { ...usual, formula_parse_error: reward === undefined },
      execution_time: 0,
      scores: asked.type === 'multi' ? Object.fromEntries(scores) : {},
      token_usage: spent.length === 0 ? null : spent.reduce((sum, { total_tokens }) => sum + total_tokens, 0),
      sampled_model_name: spent[0]?.model ?? null,
    },
    sub_rewards: asked.type === 'multi' ? Object.fromEntries(scores) : {},
    model_grader_token_usage_per_model: Object.fromEntries(spent.map(({ model, ...usage }) => [model, usage])),
  }
}

/** As many as an evaluation has criteria: a guess. */
const maxGraders = 100

/** By the names that the formula has for them. */
function partsOf({ graders }: Several): ReadonlyMap<string, One> {
  const isOne = (given: typeof graders): given is One => typeof given['type'] === 'string'
  if (isOne(graders)) return new Map([[graders.name, graders]])
  const parts = Object.entries(graders)
  if (parts.length > maxGraders)
    throw invalidValue(
      'grader.graders',
      `Invalid 'grader.graders': too many properties. Expected an object with at most ${maxGraders} properties, but got an object with ${parts.length} properties instead.`,
      'object_above_max_properties',
    )
  return new Map(parts)
}

/** Code is not run: what it would say is drawn, between nothing and all. */
function* scoreOf(part: One, item: EvalItem, random: Random): Generator<undefined, number> {
  if (part.type === 'python') return random.fraction()
  const { score } = yield* gradeOf({ ...part, id: part.name }, item, random)
  return score
}

/** About what a model that judges would read of it. */
const tokensOf = (read: unknown) => countTokensInSteps(JSON.stringify(read), 'o200k_base')

function usageOf(prompt_tokens: number) {
  const completion_tokens = 4
  return { prompt_tokens, total_tokens: prompt_tokens + completion_tokens, completion_tokens, cached_tokens: 0 }
}
