/** Graders of reinforcement fine-tuning, tried on one sample (published description). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const graders = () => testSimulator().v1().fineTuning.alpha.graders
const check = (reference: string, operation: 'eq' | 'ne' | 'like' | 'ilike' = 'eq') =>
  ({ type: 'string_check', name: 'same', input: '{{sample.output_text}}', reference, operation }) as const
const similar = {
  type: 'text_similarity',
  name: 'near',
  input: '{{sample.output_text}}',
  reference: '{{item.answer}}',
  evaluation_metric: 'fuzzy_match',
} as const

describe('a grader', () => {
  it('is run on what a model is said to have answered', async () => {
    const run = async (grader: object, model_sample: string) =>
      graders().run({ grader: grader as never, item: { answer: 'fuzzy wuzzy was a bear' }, model_sample })
    const same = await run(check('{{item.answer}}'), 'fuzzy wuzzy was a bear')
    expect(same).toMatchObject({
      reward: 1,
      metadata: { name: 'same', type: 'string_check', scores: {}, token_usage: null, sampled_model_name: null },
      sub_rewards: {},
    })
    expect(Object.values(same.metadata.errors).every((one) => one === false || one === null)).toBe(true)
    expect((await run(check('FUZZY', 'ilike'), 'fuzzy wuzzy')).reward).toBe(1)
    expect((await run(check('FUZZY', 'like'), 'fuzzy wuzzy')).reward).toBe(0)
    expect((await run({ ...check('b'), input: '{{sample.output_json.a}}' }, '{"a":"b"}')).reward).toBe(1)
    // Four of five words are the same, of five: 2 × 4 / 10.
    expect((await run(similar, 'fuzzy wuzzy was a fox')).reward).toBeCloseTo(0.8)
    const code = await run({ type: 'python', name: 'code', source: 'def grade(sample, item): return 1' }, 'a')
    expect(code.reward).toBeGreaterThanOrEqual(0)
    expect(code.reward).toBeLessThanOrEqual(1)
  })

  it('of a model tells what it would have read', async () => {
    const input = [{ role: 'user', content: 'Score {{sample.output_text}}.' }]
    const grader = { type: 'score_model', name: 'judge', model: 'gpt-4.1', input, range: [2, 3] } as never
    const told = await graders().run({ grader, model_sample: 'a' })
    expect(told.reward).toBeGreaterThanOrEqual(2)
    expect(told.reward).toBeLessThanOrEqual(3)
    expect(told.metadata.sampled_model_name).toBe('gpt-4.1')
    const usage = told.model_grader_token_usage_per_model['gpt-4.1'] as { total_tokens: number }
    expect(told.metadata.token_usage).toBe(usage.total_tokens)
  })

  it('of several is reckoned from theirs by its formula', async () => {
    const run = async (calculate_output: string) => {
      const all = { type: 'multi', name: 'all', graders: { same: check('x'), near: similar }, calculate_output }
      return graders().run({ grader: all as never, item: { answer: 'x' }, model_sample: 'x' })
    }
    expect(await run('0.25 * same + near / 2')).toMatchObject({ reward: 0.75, sub_rewards: { same: 1, near: 1 } })
    for (const [formula, reward] of [
      ['(same + 2) * 3', 9],
      ['-2^2 + max(same, 7, near)', 3],
      ['2 ** 3 ^ 0', 2],
      ['sqrt(abs(-16)) - floor(1.5) - ceil(0.5)', 2],
      ['--same', 1],
    ] as const)
      expect((await run(formula)).reward).toBe(reward)
    const broken = [
      'same +',
      '(same',
      'nobody',
      'same / 0',
      '',
      'constructor(1)',
      'same near',
      '1e400',
      ')',
      '('.repeat(499),
    ]
    for (const formula of [...broken, '1+'.repeat(100_000)])
      expect(await run(formula)).toMatchObject({ reward: 0, metadata: { errors: { formula_parse_error: true } } })
  })

  it('is validated, and refused where it is none', async () => {
    const grader = { ...check('a'), extra: 1 }
    expect(await graders().validate({ grader })).toEqual({ grader })
    const { post } = testSimulator()
    const refused = async (body: unknown, path = 'validate') => {
      const answer = await post(`/openai/v1/fine_tuning/alpha/graders/${path}`, body)
      expect(answer.status).toBe(400)
      return ((await answer.json()) as { error: { param: string } }).error.param
    }
    expect(await refused({})).toBe('grader')
    expect(await refused({ grader: { ...check('a'), operation: 'is' } })).toBe('grader.operation')
    expect(await refused({ grader: { ...check('a'), reference: undefined } })).toBe('grader.reference')
    expect(await refused({ grader: { type: 'nonsense' } })).toBe('grader.type')
    expect(await refused({ grader: { type: 'multi', name: 'a', graders: { a: 1 }, calculate_output: 'a' } })).toMatch(
      /^grader\.graders/,
    )
    expect(await refused({ grader: check('a') }, 'run')).toBe('model_sample')
    expect(await refused([])).toBeNull()
  })
})
