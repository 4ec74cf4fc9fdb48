/** Searches that would take long are refused before they are made. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

it('refuses more queries, and deeper filters, than anybody asks for', async () => {
  const simulator = testSimulator()
  const { id } = (await (await simulator.post('/openai/v1/vector_stores', {})).json()) as { readonly id: string }
  const search = async (body: object) => {
    const response = await simulator.post(`/openai/v1/vector_stores/${id}/search`, { query: 'a', ...body })
    return { status: response.status, text: await response.text() }
  }
  const eq = { type: 'eq', key: 'k', value: 'v' }
  const within = (depth: number): object => (depth === 0 ? eq : { type: 'and', filters: [within(depth - 1)] })
  expect(await search({ query: Array.from({ length: 101 }, () => 'a') })).toMatchObject({ status: 400 })
  expect((await search({ filters: within(2_000) })).text).toContain('filters')
  expect(await search({ filters: within(20) })).toMatchObject({ status: 200 })
  const wrong = Array.from({ length: 90 }, (_, at) => (at === 70 ? { type: 'eq', key: 'k', value: [] } : eq))
  expect((await search({ filters: { type: 'or', filters: wrong } })).text).toContain('filters.filters[70].value')
})
