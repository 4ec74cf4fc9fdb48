/**
 * Compares the shapes of responses with recorded ones: keys, types, order, layout, and which events follow which. The
 * recordings are not part of the project: without them nothing is compared.
 */
import { describe, expect, it } from 'vitest'
import { meantDifferences } from './responses-differences.ts'
import { type Recorded, recordedResponses } from './support/recorded-responses.ts'
import { bodyDifferences, headerDifferences, valueDifferences } from './support/shape.ts'
import { promiseShapes } from './support/shape-promises.ts'
import { testSimulator } from './support/simulator.ts'

const recorded = recordedResponses()

async function differencesOf({ body, request, callsTool, isAsSent, headers }: Recorded): Promise<readonly string[]> {
  const simulator = testSimulator({
    generate: { toolCallProbability: callsTool ? 1 : 0 },
    limits: { algorithm: 'leaky' },
    // The vector stores that were searched are not here.
    responses: { checkItems: 'off' },
    undefinedDeployments: { tokensPerMinute: 1_000_000 },
  })
  const answer = await simulator.post('/openai/v1/responses', request, {
    ...('x-ms-client-request-id' in headers && { 'x-ms-client-request-id': 'f9816a7b-cd98-4f2c-9ccf-1160963a3c15' }),
  })
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  expect(simulator.errors).toEqual([])
  const { date: _date, ...kept } = headers
  // Of the recordings of July 2026 only some headers were kept, of April all; the others have none.
  const isComplete = 'x-request-id' in headers
  return [
    ...(isAsSent ? bodyDifferences(body, text) : valueDifferences(JSON.parse(body), JSON.parse(text))),
    ...(isComplete ? headerDifferences(kept, Object.fromEntries(answer.headers)) : []),
  ]
}

describe.skipIf(recorded.length === 0)('recorded responses', () => {
  const found = Promise.all(recorded.map(async (one) => [one.name, await differencesOf(one)] as const))

  promiseShapes(
    recorded.map(({ name }) => name),
    found,
    meantDifferences,
  )

  it('have the same events in the same order, but for two of eleven streams', async () => {
    const streams = (await found).filter(([name]) => name.includes('.stream.'))
    expect(streams).toHaveLength(11)
    const others = streams.filter(([, lines]) => lines.some((line) => line.startsWith('events: ')))
    expect(others.map(([name]) => name)).toEqual([
      'azure-web-search-preview-tool.1.stream.1',
      'openai-file-search-tool.1.stream.1',
    ])
    expect(recorded).toHaveLength(24)
  })
})
