import { spawnSync } from 'node:child_process'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/sim/clock.ts'
import type { Entry } from '../../src/sim/metrics/journal-entry.ts'
import { producer } from '../../src/sim/metrics/produce.ts'
import { histograms } from '../../src/sim/metrics/series.ts'
import { memoryStore } from '../support/memory-store.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { startBackend } from '../support/backend.ts'
import { manualClock } from '../support/manual-clock.ts'
import { isPythonMissing, python, withPython } from '../support/python.ts'
import { readPrometheus } from '../support/prometheus.ts'
import { testSimulator } from '../support/simulator.ts'

const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }], max_tokens: 5 }
const limited = { deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 6 } } }
type Sim = ReturnType<typeof testSimulator>

async function metricsOf(sim: Sim) {
  const answer = await sim.request('/++/metrics')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const text = await answer.text()
  const rows = readPrometheus(text)
  /** The value of the row with these labels, `undefined` where there is none. */
  const metric = (name: string, labels: Record<string, string> = {}) =>
    rows.find((row) => row.name === name && Object.entries(labels).every(([key, value]) => row.labels[key] === value))
      ?.value
  /** How many values a histogram has, and their sum. */
  const spread = (name: string, labels: Record<string, string> = {}) => {
    const count = metric(`${name}_count`, labels)
    return count === undefined ? undefined : [count, metric(`${name}_sum`, labels)]
  }
  return { text, rows, metric, spread }
}

/** One that passes, one that a limit refuses, and a stream of 5 tokens 10 ms apart. */
async function threeRequests() {
  const clock = manualClock()
  const sim = testSimulator({ ...limited, latency: { chatCompletions: { interToken: '10ms' } } }, { clock })
  const passed = sim.post('/openai/v1/chat/completions', chat)
  await clock.advanceAsync(100)
  expect((await passed).status).toBe(200)
  expect((await sim.post('/openai/v1/chat/completions', chat)).status).toBe(429)
  const streaming = sim.post('/openai/v1/chat/completions', { ...chat, model: 'other', stream: true })
  await clock.advanceAsync(10)
  const text = (await streaming).text()
  await clock.advanceAsync(100)
  expect(await text).toContain('[DONE]')
  return sim
}

describe('a request that took much work', () => {
  const warningsOf = async (lookMs: number) => {
    const warnings: string[] = []
    const clock = manualClock()
    const log = { debug() {}, info() {}, warn: (line: string) => warnings.push(line), error() {} }
    // Each look at the clock takes so long.
    const slow = { ...clock, now: () => (clock.stall(lookMs), clock.now()) }
    await testSimulator({}, { clock: slow, log }).post('/openai/v1/chat/completions', chat)
    return warnings
  }

  it('is told in the log, with its operation and its size', async () => {
    const { length } = JSON.stringify(chat)
    expect(await warningsOf(120)).toEqual([
      expect.stringMatching(
        RegExp(
          `^ChatCompletions_Create took \\d{3} ms of work, \\d+ ms of it at a stretch, for a request of ${length} bytes`,
        ),
      ),
    ])
    expect(await warningsOf(1)).toEqual([])
  })
})

describe('the metrics', () => {
  it('have the Python simulator’s names and dimensions', async () => {
    const { metric, spread } = await metricsOf(await threeRequests())
    const deployment = 'gpt-4o'
    const passed = { deployment, status_code: '200' }
    expect(spread('aoai_api_simulator_latency_full', passed)).toEqual([1, 0.05])
    const below = (le: string) => metric('aoai_api_simulator_latency_full_bucket', { ...passed, le })
    expect([below('0.025'), below('0.05'), below('+Inf')]).toEqual([0, 1, 1])
    expect(spread('aoai_api_simulator_latency_base', passed)).toEqual([1, 0])
    const tokens = (name: string, type: string) =>
      spread(`aoai_api_simulator_tokens_${name}`, { deployment, token_type: type })
    expect([tokens('used', 'prompt'), tokens('used', 'completion')]).toEqual([
      [1, 8],
      [1, 5],
    ])
    expect([tokens('requested', 'prompt'), tokens('requested', 'completion')]).toEqual([
      [2, 16],
      [2, 10],
    ])
    expect(spread('aoai_api_simulator_tokens_rate_limit', { deployment })).toEqual([1, 13])
    expect(spread('aoai_api_simulator_limits', { deployment, limit_type: 'requests' })).toEqual([1, 1])
    expect(spread('aoai_api_simulator_limits', { deployment, limit_type: 'tokens' })).toBeUndefined()
  })

  it('have OpenTelemetry’s names for servers of models', async () => {
    const { rows, spread } = await metricsOf(await threeRequests())
    const other = { gen_ai_request_model: '(other)', gen_ai_response_model: 'gpt-4.1-mini-2025-04-14' }
    expect(spread('gen_ai_server_time_to_first_token', other)).toEqual([1, 0.01])
    expect(spread('gen_ai_server_time_per_output_token', other)).toEqual([1, 0.01])
    expect(spread('gen_ai_server_request_duration', other)).toEqual([1, 0.05])
    const refused = rows.find(({ labels }) => labels['error_type'] === '429')
    expect(refused?.labels).toMatchObject({ gen_ai_operation_name: 'ChatCompletions_Create' })
  })

  it('have the real resource’s names in Azure Monitor', async () => {
    const { metric, spread } = await metricsOf(await threeRequests())
    const labels = {
      ModelDeploymentName: '(other)',
      ModelName: 'gpt-4.1-mini',
      StreamType: 'Streaming',
      StatusCode: '200',
    }
    expect(metric('AzureOpenAIRequests_total', labels)).toBe(1)
    const other = { ModelDeploymentName: '(other)' }
    expect(spread('AzureOpenAITimeToResponse', other)).toEqual([1, 10])
    expect(spread('AzureOpenAITTLTInMS', other)).toEqual([1, 50])
    const totals = ['ProcessedPromptTokens', 'GeneratedTokens', 'TokenTransaction'].map((name) =>
      metric(`${name}_total`, other),
    )
    expect(totals).toEqual([8, 5, 13])
  })

  it.skipIf(isPythonMissing)(withPython('are what Prometheus’ own parser reads'), async () => {
    const { text } = await metricsOf(await threeRequests())
    const script =
      'import sys; from prometheus_client.parser import text_string_to_metric_families as parse; ' +
      'print(sorted(f"{family.name} {family.type}" for family in parse(sys.stdin.read())))'
    const { stdout, stderr } = spawnSync(python, ['-c', script], { input: text, encoding: 'utf8' })
    expect(stderr).toBe('')
    for (const family of [
      'aoai_api_simulator_latency_full histogram',
      'AzureOpenAIRequests counter',
      'gen_ai_server_request_duration histogram',
    ])
      expect(stdout).toContain(family)
  })

  it('count names together that nobody configured, unless they are wanted apart', async () => {
    const namesOf = async (telemetry: object) => {
      const sim = testSimulator({ ...limited, telemetry })
      for (const model of ['gpt-4o', 'gpt-4.1-mini', ...Array.from({ length: 400 }, (_, at) => `mine-${at}`)])
        await sim.post('/openai/v1/chat/completions', { ...chat, model })
      const { rows } = await metricsOf(sim)
      const named = rows.filter(({ name }) => name === 'AzureOpenAIRequests_total')
      return { count: rows.length, names: named.map(({ labels, value }) => [labels['ModelDeploymentName'], value]) }
    }
    const together = await namesOf({})
    expect(together.names).toEqual([
      ['gpt-4o', 1],
      ['gpt-4.1-mini', 1],
      ['(other)', 400],
    ])
    const apart = await namesOf({ undefinedDeployments: 'apart' })
    expect(apart.names.length).toBe(301)
    expect(apart.names.slice(0, 3)).toEqual([
      ['gpt-4o', 1],
      ['gpt-4.1-mini', 1],
      ['mine-0', 1],
    ])
    // The rows of a metric come in several pieces, and are as many as if they came in one.
    expect(new Set(apart.names.map(([name]) => name)).size).toBe(301)
    expect(apart.names.at(-1)).toEqual([undefined, 102])
    expect(apart.count).toBeGreaterThan(300 * 10)
  })

  it('tell how late the event loop was, where its host measures it', async () => {
    const sim = testSimulator({}, { loopDelay: () => ({ p50Ms: 1, p99Ms: 20, maxMs: 250 }) })
    const { metric } = await metricsOf(sim)
    const names = ['p50', 'p99', 'max']
    expect(names.map((name) => metric(`nodejs_eventloop_delay_${name}`))).toEqual([0.001, 0.02, 0.25])
    const without = await metricsOf(testSimulator())
    expect(without.metric('nodejs_eventloop_delay_p50')).toBeUndefined()
  })

  it('know no deployment whose name is longer than the service makes them', async () => {
    const sim = testSimulator()
    const answer = await sim.post('/openai/v1/chat/completions', { ...chat, model: 'x'.repeat(65) })
    expect(answer.status).toBe(404)
    expect((await sim.post('/openai/v1/chat/completions', { ...chat, model: 'x'.repeat(64) })).status).toBe(200)
  })

  it('are counted together beyond a bound, since deployments are named by clients', () => {
    const family = histograms({ name: 'm', description: '', unit: 's' }, [1])
    for (let at = 0; at < 400; at++) family.row({ deployment: `d${at}` }).record(0.5)
    expect(family.rows).toHaveLength(301)
    expect(family.rows.at(-1)).toMatchObject({ attributes: { 'otel.metric.overflow': 'true' }, value: { count: 100 } })
  })

  it('tell a reader that wants it what came since it last asked', () => {
    const family = histograms({ name: 'm', description: '', unit: 's' }, [1, 2])
    const clock = manualClock(1000)
    const { metrics } = producer({
      families: () => [family],
      clock,
      isDelta: true,
    })
    const points = () =>
      metrics().flatMap(({ dataPoints }) => dataPoints.map(({ startTime, value }) => ({ startTime, value })))
    family.row({}).record(0.5)
    clock.advance(500)
    expect(points()).toMatchObject([
      { startTime: [1, 0], value: { count: 1, sum: 0.5, buckets: { counts: [1, 0, 0] } } },
    ])
    expect(points()).toEqual([])
    family.row({}).record(2)
    expect(points()).toMatchObject([
      { startTime: [1, 5e8], value: { count: 1, sum: 2, buckets: { counts: [0, 1, 0] } } },
    ])
  })

  it('can be turned off, and ask for the key', async () => {
    const sim = testSimulator({ telemetry: { metrics: false } })
    await sim.v1().chat.completions.create(chat)
    expect((await metricsOf(sim)).rows).toEqual([])
    expect((await sim.request('/++/metrics', { headers: { 'api-key': 'wrong' } })).status).toBe(401)
  })
})

describe('the journal', () => {
  const list = async (sim: Sim, query = '') =>
    ((await (await sim.request(`/++/requests${query}`)).json()) as { requests: readonly Entry[] }).requests

  it('tells of each request, newest first, with its timing, tokens, verdict and why', async () => {
    const requests = await list(await threeRequests())
    expect(requests.map(({ status, stream, limiter, why }) => ({ status, stream, limiter, why }))).toEqual([
      { status: 200, stream: true, limiter: 'passed', why: 'generated' },
      { status: 429, stream: false, limiter: 'requests', why: 'rejected: requests' },
      { status: 200, stream: false, limiter: 'passed', why: 'generated' },
    ])
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/openai/v1/chat/completions',
      operation: 'ChatCompletions_Create',
      deployment: 'other',
      model: 'gpt-4.1-mini-2025-04-14',
      timing: { plannedMs: 0, firstByteMs: 10, totalMs: 50 },
      tokens: { prompt: 8, completion: 5 },
    })
  })

  it('can be asked for some of them', async () => {
    const sim = testSimulator()
    await sim.post('/openai/v1/chat/completions', chat, { 'x-ms-client-request-id': 'mine' })
    await sim.post('/openai/v1/chat/completions', { ...chat, model: 'other' })
    await sim.request('/openai/v1/nowhere')
    const statuses = async (query: string) => (await list(sim, query)).map(({ status, why }) => `${status} ${why}`)
    expect(await statuses('?clientId=mine')).toEqual(['200 generated'])
    expect(await statuses('?deployment=other')).toEqual(['200 generated'])
    expect(await statuses('?status=404')).toEqual(['404 error 404'])
    expect(await statuses('?operation=ChatCompletions_Create&limit=1')).toEqual(['200 generated'])
    expect(await statuses('?since=2000-01-01&until=2001-01-01')).toEqual([])
    const wrong = await sim.request('/++/requests?state=404')
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { code: 'InvalidQuery' } }])
    expect((await sim.request('/++/requests?status=ok')).status).toBe(400)
  })

  it('is emptied by DELETE, keeps the last of its size, and may keep none', async () => {
    const sim = testSimulator({ journal: { size: 2 } })
    const ask = (deployment: string) => sim.v1().chat.completions.create({ ...chat, model: deployment })
    for (const name of ['a', 'b', 'c']) await ask(name)
    expect((await list(sim)).map(({ deployment }) => deployment)).toEqual(['c', 'b'])
    await sim.request('/++/requests', { method: 'DELETE' })
    expect(await list(sim)).toEqual([])
    await ask('d')
    expect((await list(sim)).map(({ deployment }) => deployment)).toEqual(['d'])
    const none = testSimulator({ journal: { size: 0 } })
    await none.v1().chat.completions.create(chat)
    expect(await list(none)).toEqual([])
  })

  it('can be followed', async () => {
    const sim = testSimulator()
    const leaving = new AbortController()
    const followed = await sim.request('/++/requests?stream=true&deployment=b', { signal: leaving.signal })
    expect(followed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    for (const name of ['a', 'b']) await sim.v1().chat.completions.create({ ...chat, model: name })
    const reader = followed.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"deployment"')) text += (await reader.read()).value ?? ''
    expect(text).toMatch(/^: following\n\ndata: \{.*"deployment":"b".*\}\n\n$/)
    leaving.abort()
  })

  it('tells what it was recorded as or replayed from', async () => {
    const backend = await startBackend()
    const recordings = createRecordings({ store: memoryStore(), clock: systemClock() })
    const forward = { endpoint: backend.url, key: 'service-key' }
    const sim = testSimulator({ mode: 'record', forward }, { recordings })
    await sim.v1().chat.completions.create(chat)
    await sim.request('/++/config', { method: 'PATCH', body: '{"simulator_mode":"replay"}' })
    await sim.v1().chat.completions.create(chat)
    await backend.stop()
    const [replayed, recorded] = await list(sim)
    expect(replayed?.recording).toMatch(/^openai\/v1\/chat\/completions\/[0-9a-f]{32}\.yaml$/)
    expect([replayed?.why, recorded?.why]).toEqual([
      `replayed from ${replayed?.recording}`,
      `recorded as ${replayed?.recording}`,
    ])
  })
})

describe('metrics on their way out', () => {
  const closing: (() => void)[] = []
  afterEach(() => vi.unstubAllEnvs())
  afterEach(() => closing.splice(0).forEach((close) => close()))

  /** Takes whatever is posted to it. */
  async function collector(scheme: 'http' | 'https' = 'http') {
    const taken: { readonly path: string; readonly body: string }[] = []
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }])
    const take: RequestListener = (request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const bytes = Buffer.concat(pieces)
        const isZipped = request.headers['content-encoding'] === 'gzip'
        taken.push({ path: request.url ?? '', body: (isZipped ? gunzipSync(bytes) : bytes).toString() })
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"itemsReceived":1,"itemsAccepted":1,"errors":[]}')
      })
    }
    const server = scheme === 'https' ? createTlsServer({ key, cert }, take) : createServer(take)
    server.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closing.push(() => void server.close())
    return { url: `${scheme}://127.0.0.1:${String((server.address() as AddressInfo).port)}`, taken }
  }

  it('go to an OpenTelemetry collector, the last of them when the simulator stops', async () => {
    const { url, taken } = await collector()
    const sim = testSimulator({ telemetry: { otlpEndpoint: url, serviceName: 'my-simulator' } })
    await sim.v1().chat.completions.create(chat)
    await sim.close()
    expect(taken.map(({ path }) => path)).toContain('/v1/metrics')
    const body = taken.map((request) => request.body).join()
    for (const part of ['my-simulator', 'aoai-api-simulator.tokens.used', 'gen_ai.server.request.duration'])
      expect(body).toContain(part)
  })

  it('go to Application Insights', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const { url, taken } = await collector('https')
    const connectionString = `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${url}/`
    const sim = testSimulator({ telemetry: { connectionString } })
    await sim.v1().chat.completions.create(chat)
    await sim.close()
    const sent = taken
      .filter(({ path }) => path.endsWith('/track'))
      .map(({ body }) => body)
      .join()
    expect(sent).toContain('aoai-api-simulator.latency.full')
    expect(sent).toContain('"deployment":"gpt-4o"')
  })

  it('cost no request and no start anything where nobody takes them, which is told', async () => {
    let tell: (text: string) => void = () => undefined
    const told = new Promise<string>((resolve) => (tell = resolve))
    const log = { debug() {}, info() {}, warn: tell, error() {} }
    const sim = testSimulator({ telemetry: { otlpEndpoint: 'http://127.0.0.1:9' } }, { log })
    expect(await told).toMatch(
      /^Metrics cannot be sent to 127\.0\.0\.1:9 now: .+ See the telemetry settings; sending is tried on\.$/,
    )
    expect((await sim.v1().chat.completions.create(chat)).object).toBe('chat.completion')
    await sim.close()
  })
})
