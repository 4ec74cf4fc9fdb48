/**
 * Asks the simulator what recorded requests asked the service, and compares the answers' shapes: keys, types, order,
 * layout, events, headers. The recordings are not part of the project: without them nothing is compared.
 */
import { describe, expect, it } from 'vitest'
import { leftOut, meantDifferences } from './shape-differences.ts'
import { askAgain, deploymentOf, modelOf, type Sample, samplesLike } from './support/samples.ts'
import { bodyDifferences, headerDifferences } from './support/shape.ts'
import { promiseShapes } from './support/shape-promises.ts'
import { testSimulator } from './support/simulator.ts'

const samples = samplesLike(/^(chat|completions|embeddings|error)-/).filter(({ name }) => !(name in leftOut))

/** What an answer of 2023 calls a model that has another name, or that did other things then. */
const models: Readonly<Record<string, string>> = {
  ada: 'text-embedding-ada-002',
  'completions-2023-11': 'gpt-35-turbo-instruct',
}

/** The recorded deployment, with a limit so that all headers are there, on the front end that was recorded. */
function recordedResource(sample: Sample) {
  const [deployment, found] = [deploymentOf(sample), modelOf(sample)]
  const model = models[sample.name] ?? (found && (models[found] ?? found))
  return testSimulator({
    allowUndefinedDeployments: false,
    deployments: deployment && model ? { [deployment]: { model, tokensPerMinute: 1_000_000 } } : {},
    azure: { frontEnd: 'x-ratelimit-key' in sample.headers ? 'new' : 'classic' },
    limits: { algorithm: 'leaky' },
  })
}

async function differencesOf(sample: Sample): Promise<readonly string[]> {
  const headers = {
    ...(sample.code === 401 && { 'api-key': 'wrong' }),
    ...('x-ms-client-request-id' in sample.headers && {
      'x-ms-client-request-id': 'f9816a7b-cd98-4f2c-9ccf-1160963a3c15',
    }),
  }
  const answer = await askAgain(recordedResource(sample), sample, headers)
  expect(answer.status).toBe(sample.code)
  // These two are the host's, which has tests of its own.
  const { date: _date, 'transfer-encoding': _encoding, ...recordedHeaders } = sample.headers
  return [...bodyDifferences(sample.body, answer.body), ...headerDifferences(recordedHeaders, answer.headers)]
}

describe.skipIf(samples.length === 0)('recorded exchanges of chat, completions, embeddings and errors', () => {
  const found = Promise.all(samples.map(async (sample) => [sample.name, await differencesOf(sample)] as const))

  promiseShapes(
    samples.map(({ name }) => name),
    found,
    meantDifferences,
  )

  it('agree without any difference where the recording is of our day', async () => {
    const isAboutBody = (line: string) => !line.startsWith('header ')
    const agreeing = (await found).filter(([, lines]) => !lines.some(isAboutBody)).map(([name]) => name)
    expect(samples).toHaveLength(25)
    expect(agreeing).toEqual([
      'chat-4o-mini-json-2026-02',
      'chat-gpt-5.2-chat-2026-04',
      'chat-json-schema',
      'chat-nonstream-2026-03-b',
      'chat-nonstream-gpt-4.1-mini-2026-03',
      'chat-parallel-tools-gpt-5-nano',
      'chat-reasoning-gpt-5-nano',
      'chat-stream-2026-01',
      'chat-stream-tool-calls',
      'chat-stream-usage',
      'chat-tool-call-4o-mini',
      'chat-tools-gpt-5-nano',
      'completions-2023-11',
      'embeddings-2023-11',
      'embeddings-2024-02',
      'error-401-bad-key',
      'error-404-DeploymentNotFound',
    ])
    // Every header of the front ends of March and of June 2026.
    const alike = (await found).filter(([, lines]) => lines.every(isAboutBody)).map(([name]) => name)
    expect(alike).toEqual([
      'chat-nonstream-2026-03-b',
      'chat-nonstream-gpt-4.1-mini-2026-03',
      'chat-stream-2026-03',
      'chat-stream-gpt-5.2-2026-06',
      'error-401-bad-key',
    ])
  })
})
