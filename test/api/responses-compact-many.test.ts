/** A long conversation that is compacted is written while it is sent, as a short one is at once. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

it('is told whole, laid out as ever', async () => {
  const input = Array.from({ length: 300 }, (_, at) => ({ role: 'user', content: `"output": [] ${at} ä` }))
  const response = await testSimulator().post('/openai/v1/responses/compact', { model: 'gpt-4.1', input })
  const text = await response.text()
  const told = JSON.parse(text) as { readonly output: readonly { readonly type: string; readonly content?: unknown }[] }
  expect(told.output).toHaveLength(301)
  expect(told.output.at(-1)).toMatchObject({ type: 'compaction' })
  expect(JSON.stringify(told.output[299]?.content)).toContain('299 ä')
  expect(JSON.stringify(told, undefined, 2).replaceAll('ä', '\\u00e4')).toBe(text.trimEnd())
})
