/** Evaluations that would take long: texts that hold an item thousands of times, many criteria, parts that are hard to find. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const grader = { name: 'g', type: 'string_check' }

const reward = async (body: object) => {
  const response = await testSimulator().post('/openai/v1/fine_tuning/alpha/graders/run', body)
  return ((await response.json()) as { readonly reward: number }).reward
}

it('finds a long part where it stands, and no other', async () => {
  const like = (input: string, reference: string, operation = 'like') =>
    reward({ grader: { ...grader, input, reference, operation }, item: {}, model_sample: '' })
  const part = `b${'a'.repeat(20_000)}`
  expect(await like('a'.repeat(60_000), part)).toBe(0)
  expect(await like(`${'a'.repeat(30_000)}${part}a`, part)).toBe(1)
  expect(await like(`abab${'ab'.repeat(40)}c`, `${'ab'.repeat(30)}c`)).toBe(1)
  expect(await like(`${'AB'.repeat(40)}C`, `${'ab'.repeat(30)}c`, 'ilike')).toBe(1)
  expect(await like(`${'ab'.repeat(40)}d`, `${'ab'.repeat(30)}c`)).toBe(0)
})

it('puts no text together that has no end', async () => {
  const item = { a: 'x'.repeat(20_000) }
  const input = '{{item.a}}'.repeat(20_000)
  expect(
    await reward({ grader: { ...grader, input, reference: input, operation: 'eq' }, item, model_sample: '' }),
  ).toBe(1)
})

it('is judged by at most a hundred criteria', async () => {
  const criteria = Array.from({ length: 101 }, (_, at) => ({
    ...grader,
    name: `c${at}`,
    input: 'a',
    reference: 'a',
    operation: 'eq',
  }))
  const response = await testSimulator().post('/openai/v1/evals', {
    data_source_config: { type: 'custom', item_schema: {} },
    testing_criteria: criteria,
  })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('testing_criteria')
})

it('is reckoned from at most a hundred graders', async () => {
  const graders = Object.fromEntries(
    Array.from({ length: 101 }, (_, at) => [
      `k${at}`,
      { ...grader, name: `g${at}`, input: 'a', reference: 'a', operation: 'eq' },
    ]),
  )
  const response = await testSimulator().post('/openai/v1/fine_tuning/alpha/graders/run', {
    grader: { type: 'multi', name: 'm', graders, calculate_output: 'k1' },
    item: {},
    model_sample: '',
  })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('at most 100')
})
