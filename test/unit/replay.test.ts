import { describe, expect, it } from 'vitest'
import { planOf } from '../../src/sim/modes/recorded-plan.ts'
import type { Interaction, Recordings } from '../../src/sim/recordings/interaction.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { manualClock } from '../support/manual-clock.ts'
import { memoryStore } from '../support/memory-store.ts'
import { testSimulator } from '../support/simulator.ts'

const interaction = (response: Partial<Interaction['response']>, durationMs = 400): Interaction => ({
  request: { method: 'POST', path: '/openai/v1/x', query: {}, contentType: 'application/json', body: undefined },
  response: { status: 200, headers: {}, body: { kind: 'text', text: 'x' }, ...response },
  durationMs,
  usage: { promptTokens: 7, completionTokens: 5 },
  recordedAt: '2026-01-01T00:00:00.000Z',
})

const recordings = (find: Recordings['find']): Recordings => ({
  ...createRecordings({ store: memoryStore(), clock: manualClock() }),
  find,
  miss: () => Promise.resolve({ name: 'a/b.yaml', key: 'b', unreadable: [], nearest: undefined }),
})

const replaying = (find: Recordings['find'], input: Record<string, unknown> = {}) =>
  testSimulator({ mode: 'replay', replay: { speed: 0 }, ...input }, { recordings: recordings(find) })

describe('the plan of a recording', () => {
  const events = [50, 300, 50].map((afterMs, at) => ({ afterMs, data: `data: ${at}\n\n` }))

  it.each([
    [1, [50, 350, 400]],
    [2, [25, 175, 200]],
    [0.5, [100, 700, 800]],
    [0, [0, 0, 0]],
  ])('at speed %d has its events at %j', (speed, times) => {
    const { body } = planOf(interaction({ body: { kind: 'events', events } }), speed)
    if (body.kind !== 'stream') throw new Error('it is no stream')
    expect([...body.frames].map(({ atMs }) => atMs)).toEqual(times)
  })

  it.each([
    [1, 400],
    [4, 100],
    [0, 0],
  ])('at speed %d is whole after %d ms', (speed, atMs) => {
    expect(planOf(interaction({}), speed).body).toEqual({ kind: 'whole', atMs, data: 'x' })
  })

  it('has the recorded headers, but for those that are of each answer', () => {
    const headers = {
      'Content-Type': 'text/plain',
      'X-Ms-Region': 'East US',
      'apim-request-id': 'old',
      'Content-Length': '99',
      'x-ratelimit-remaining-tokens': '5',
    }
    const plan = planOf(interaction({ headers, status: 201 }), 1)
    expect([plan.status, plan.contentType, plan.headers]).toEqual([201, 'text/plain', { 'x-ms-region': 'East US' }])
  })
})

describe('replay', () => {
  it('remembers how often a request was answered, however many others were', async () => {
    const turn = (text: string) => interaction({ body: { kind: 'text', text } })
    const { handle } = replaying(() => Promise.resolve([turn('first'), turn('second'), turn('third')]))
    const ask = async (name: string) => {
      const url = `/openai/v1/${name}`
      const headers = new Headers({ 'api-key': 'test-key', 'content-type': 'application/json' })
      const answer = await handle({ method: 'POST', url, headers, bytes: () => Promise.resolve(Buffer.from('{}')) })
      return String(answer.body)
    }
    expect(await ask('asked-again')).toBe('first')
    for (let n = 0; n < 10_100; n++) await ask(`other-${n}`)
    expect([await ask('asked-again'), await ask('asked-again'), await ask('asked-again')]).toEqual([
      'second',
      'third',
      'third',
    ])
  })

  it('gives several answers in order, then the last again, for each request by itself', async () => {
    const answers = ['a', 'b'].map((text) => interaction({ body: { kind: 'text', text } }))
    const { post } = replaying(() => Promise.resolve(answers))
    const texts: string[] = []
    for (const body of [{ x: 1, y: 2 }, { y: 2, x: 1 }, { x: 9 }, { x: 1, y: 2 }])
      texts.push(await (await post('/openai/v1/x', body)).text())
    expect(texts).toEqual(['a', 'b', 'a', 'b'])
  })

  it('is told by path without doubled slashes, so that they do not matter', async () => {
    const paths: string[] = []
    const { post } = replaying(({ path }) => {
      paths.push(path)
      return Promise.resolve([interaction({})])
    })
    await post('//openai///v1/x?a=b', {})
    expect(paths).toEqual(['/openai/v1/x'])
  })

  it('fails with a status to try again after, and a clear message, where the store is away', async () => {
    const { post, errors } = replaying(() => Promise.reject(new Error('no answer of the account')))
    const answer = await post('/openai/v1/x', {})
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('2')
    expect(await answer.json()).toEqual({
      error: { code: 'RecordingsUnavailable', message: 'The recordings could not be read: no answer of the account' },
    })
    expect(errors).toEqual([])
  })

  it('names the document that would be the answer, and one that is and cannot be read', async () => {
    const { post } = replaying(() => Promise.resolve([]))
    const answer = await post('/openai/v1/x', {})
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({
      error: {
        code: 'RecordingNotFound',
        message:
          'No recording fits this POST /openai/v1/x. It would be a/b.yaml, by its key b. There is none that is near it.',
      },
    })
  })

  it('charges what the request allows where limits are charged in advance', async () => {
    const input = {
      limits: { charge: 'reserve' },
      deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 60 } },
    }
    const { post } = replaying(() => Promise.resolve([interaction({})]), input)
    const answer = await post('/openai/v1/chat/completions', { model: 'gpt-4o', max_tokens: 100, n: 2 })
    expect(answer.headers.get('x-ratelimit-remaining-tokens')).toBe(String(1000 - 7 - 200))
  })

  it('has no limits where no deployment of that name is', async () => {
    const { post } = replaying(() => Promise.resolve([interaction({})]), { allowUndefinedDeployments: false })
    const answer = await post('/openai/v1/chat/completions', { model: 'nobody' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-ratelimit-remaining-tokens')).toBeNull()
  })
})
