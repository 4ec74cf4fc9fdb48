/** Evaluations and their runs, through the SDK (a resource's recorded April 2025, a project's March and May 2026). */
import { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const item_schema = { type: 'object', properties: { q: { type: 'string' }, a: { type: 'string' } } }
const check = {
  type: 'string_check',
  name: 'same',
  operation: 'eq',
  input: '{{item.a}}',
  reference: '{{sample.output_text}}',
} as const
const similar = {
  type: 'text_similarity',
  name: 'alike',
  evaluation_metric: 'fuzzy_match',
  input: '{{item.a}}',
  reference: '{{item.q}}',
  pass_threshold: 0.5,
} as const
const order = {
  name: 'mine',
  data_source_config: { type: 'custom' as const, item_schema, include_sample_schema: true },
  testing_criteria: [check, similar],
}
const line = (q: string, a: string, said: string) => ({ item: { q, a }, sample: { output_text: said } })
const content = [line('the red fox', 'the red fox', 'the red fox'), line('one', 'two', 'two'), line('x', 'y', 'z')]
const source = { type: 'jsonl' as const, source: { type: 'file_content' as const, content } }

const keysOf = (value: unknown) => Object.keys(value as object).join()

function setUp() {
  const clock = manualClock(1_800_000_000_000)
  const simulator = testSimulator({ jobs: { queueTime: '1s', runTime: '2s' } }, { clock })
  return { clock, simulator, client: simulator.v1() }
}

describe('an evaluation of a resource', () => {
  it('is kept as it was recorded, listed, changed and deleted', async () => {
    const { client } = setUp()
    const made = await client.evals.create(order)
    expect(keysOf(made)).toBe('object,id,data_source_config,testing_criteria,name,created_at,metadata')
    expect(made.id).toMatch(/^eval_[0-9a-f]{32}$/)
    expect(made.data_source_config).toMatchObject({ schema: { type: 'object', required: ['item', 'sample'] } })
    expect(keysOf(made.testing_criteria[1])).toBe('name,id,type,input,reference,pass_threshold,evaluation_metric')
    expect(await client.evals.retrieve(made.id)).toEqual(made)
    expect((await client.evals.update(made.id, { name: 'other' })).name).toBe('other')
    expect((await client.evals.list()).data.map(({ id }) => id)).toEqual([made.id])
    expect(await client.evals.delete(made.id)).toEqual({ object: 'eval.deleted', deleted: true, eval_id: made.id })
    await expect(client.evals.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('is created with 201', async () => {
    const { simulator } = setUp()
    expect((await simulator.post('/openai/evals?api-version=2025-04-01-preview', order)).status).toBe(201)
  })

  it('needs criteria', async () => {
    const { simulator } = setUp()
    const { testing_criteria: _, ...rest } = order
    expect((await simulator.post('/openai/v1/evals', rest)).status).toBe(400)
    const odd = { type: 'string_check', name: 'a', input: 'a', reference: 'b', operation: 'nearly' }
    const answer = await simulator.post('/openai/v1/evals', { ...rest, testing_criteria: [odd] })
    expect(await answer.json()).toMatchObject({ error: { param: 'testing_criteria[0].operation' } })
    expect(answer.status).toBe(400)
  })
})

describe('a run', () => {
  it('waits, works and tells what came of each item', async () => {
    const { client, clock } = setUp()
    const { id } = await client.evals.create(order)
    const run = await client.evals.runs.create(id, { data_source: source, name: 'first' })
    expect(run).toMatchObject({ status: 'queued', result_counts: { total: 0 }, per_testing_criteria_results: null })
    expect(keysOf(run)).toBe(
      'object,id,eval_id,report_url,status,model,name,created_at,result_counts,per_model_usage,per_testing_criteria_results,data_source,error,metadata',
    )
    clock.advance(1_000)
    const where = { eval_id: id }
    expect((await client.evals.runs.retrieve(run.id, where)).status).toBe('in_progress')
    clock.advance(2_000)
    const over = await client.evals.runs.retrieve(run.id, where)
    // The first passes both, the second says what it should and is not alike, the third neither.
    expect(over).toMatchObject({ status: 'completed', result_counts: { total: 3, passed: 1, failed: 2, errored: 0 } })
    expect(over.per_testing_criteria_results).toMatchObject([
      { passed: 2, failed: 1 },
      { passed: 1, failed: 2 },
    ])
    const items = await client.evals.runs.outputItems.list(run.id, where)
    expect(items.data.map(({ results }) => results.map(({ passed }) => passed))).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ])
    const one = await client.evals.runs.outputItems.retrieve('2', { ...where, run_id: run.id })
    expect(one.datasource_item).toEqual({ q: 'one', a: 'two' })
    expect(await client.evals.runs.delete(run.id, where)).toMatchObject({ deleted: true, run_id: run.id })
  })

  it('reads the lines of a file, and can be called off', async () => {
    const { client, clock } = setUp()
    const file = await toFile(Buffer.from(content.map((one) => JSON.stringify(one)).join('\n')), 'a.jsonl', {
      type: 'application/jsonl',
    })
    const { id: fileId } = await client.files.create({ purpose: 'evals', file })
    const { id } = await client.evals.create(order)
    const data_source = { type: 'jsonl' as const, source: { type: 'file_id' as const, id: fileId } }
    const run = await client.evals.runs.create(id, { data_source })
    const other = await client.evals.runs.create(id, { data_source })
    expect((await client.evals.runs.cancel(other.id, { eval_id: id })).status).toBe('canceled')
    clock.advance(3_000)
    expect((await client.evals.runs.retrieve(run.id, { eval_id: id })).result_counts.total).toBe(3)
    const { data } = await client.evals.runs.list(id, { status: 'canceled' })
    expect(data.map((one) => one.id)).toEqual([other.id])
  })

  it('draws what a model would judge, the same each time', async () => {
    const { client, clock } = setUp()
    const { id } = await client.evals.create({
      ...order,
      testing_criteria: [
        {
          type: 'label_model',
          name: 'mood',
          model: 'gpt-4.1',
          labels: ['good', 'bad'],
          passing_labels: ['good'],
          input: [{ role: 'user', content: '{{item.q}}' }],
        },
        {
          type: 'score_model',
          name: 'points',
          model: 'gpt-4.1',
          range: [0, 10],
          pass_threshold: 5,
          input: [{ role: 'user', content: '{{item.q}}' }],
        },
      ],
    })
    const run = await client.evals.runs.create(id, { data_source: source })
    clock.advance(3_000)
    const read = async () => (await client.evals.runs.outputItems.list(run.id, { eval_id: id })).data
    const first = await read()
    expect(await read()).toEqual(first)
    for (const { results } of first) for (const { score } of results) expect(score >= 0 && score <= 10).toBe(true)
  })
})

describe('an evaluation of a project', () => {
  const door = '/api/projects/mine/openai/v1/evals'

  it('has its own members and order', async () => {
    const { simulator, clock } = setUp()
    const criteria = [
      { ...check, image_tag: 'x' },
      {
        type: 'label_model',
        name: 'mood',
        model: 'gpt-5.2',
        labels: ['a'],
        passing_labels: ['a'],
        input: [{ role: 'user', content: 'x' }],
      },
      {
        type: 'azure_ai_evaluator',
        name: 'violence',
        evaluator_name: 'builtin.violence',
        data_mapping: { query: '{{item.q}}' },
        initialization_parameters: { model: 'm' },
      },
    ]
    const answer = await simulator.post(door, { ...order, testing_criteria: criteria })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-request-time')).toMatch(/^\d+\.\d+$/)
    const made = (await answer.json()) as { id: string; testing_criteria: object[]; data_source_config: object }
    expect(keysOf(made)).toBe(
      'object,created_at,modified_at,created_by,id,name,metadata,properties,data_source_config,testing_criteria',
    )
    expect(keysOf(made.data_source_config)).toBe('type,item_schema,include_sample_schema,schema')
    expect(made.testing_criteria.map(keysOf)).toEqual([
      'type,id,name,input,operation,reference',
      'type,id,name,input,labels,model,passing_labels',
      'type,id,name,evaluator_name,evaluator_version,initialization_parameters,data_mapping',
    ])
    expect(made.testing_criteria[1]).toMatchObject({ input: [{ role: 'user', content: 'x', type: 'message' }] })
    const run = (await (await simulator.post(`${door}/${made.id}/runs`, { data_source: source })).json()) as {
      id: string
    }
    expect(run).toMatchObject({ status: 'in_progress', result_counts: { total: 0, passed: 0, failed: 0 } })
    clock.advance(3_000)
    const over = await (await simulator.request(`${door}/${made.id}/runs/${run.id}`)).json()
    expect(over).toMatchObject({ status: 'completed', result_counts: { total: 3, errored: 0, skipped: 0 } })
    const list = await (await simulator.request(`${door}/${made.id}/runs/${run.id}/output_items`)).json()
    expect(keysOf(list)).toBe('data,first_id,last_id,has_more')
    const gone = await (await simulator.request(`${door}/${made.id}`, { method: 'DELETE' })).json()
    expect(gone).toMatchObject({ object: 'eval.deleted', deleted: false, eval_id: made.id, run_id: null })
  })
})
