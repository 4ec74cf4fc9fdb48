/** A request is answered by the configuration of the moment at which it came, whatever changes while its body arrives. */
import { describe, expect, it } from 'vitest'
import type { SimRequest } from '../../src/sim/index.ts'
import { testSimulator } from '../support/simulator.ts'

const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const question = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 })

/** Sends a request whose body comes after `meanwhile`. */
async function askMeanwhile(
  simulator: ReturnType<typeof testSimulator>,
  meanwhile: () => unknown,
  { url = chat, body = question, type = 'application/json' } = {},
) {
  const given = new Headers({ 'api-key': 'test-key', 'content-type': type })
  const request: SimRequest = {
    method: 'POST',
    url,
    headers: { get: (name) => given.get(name) },
    async bytes() {
      await meanwhile()
      return Buffer.from(body)
    },
  }
  const { status, headers, body: answer } = await simulator.handle(request)
  return { status, headers, text: typeof answer === 'string' ? answer : '' }
}

describe('a change while the body of a request arrives', () => {
  it('mixes no body of one front end with the headers of the other', async () => {
    const simulator = testSimulator({ azure: { frontEnd: 'classic' } })
    const during = await askMeanwhile(simulator, () => simulator.patch({ azure: { front_end: 'new' } }))
    expect(simulator.config().azure.frontEnd).toBe('new')
    expect([during.headers['x-ms-served-model'], during.text.includes('service_tier')]).toEqual([undefined, false])
    const after = await askMeanwhile(simulator, () => simulator.patch({ azure: { front_end: 'classic' } }))
    expect([typeof after.headers['x-ms-served-model'], after.text.includes('service_tier')]).toEqual(['string', true])
  })

  it('charges a call as it was when the call came', async () => {
    const deployments = { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 600 } }
    const simulator = testSimulator({ deployments, limits: { charge: 'reserve' } })
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 500 })
    const during = await askMeanwhile(simulator, () => simulator.patch({ limits: { charge: 'actual' } }), { body })
    expect(simulator.config().limits.charge).toBe('actual')
    expect(during.headers['x-ratelimit-remaining-tokens']).toBe(String(1000 - 500 - 8))
  })

  it('takes a file that was short enough when it came', async () => {
    const simulator = testSimulator({ files: { maxBytes: 1000 } })
    const form = new FormData()
    form.set('purpose', 'batch')
    form.set('file', new File(['x'.repeat(500)], 'a.jsonl'))
    const sent = new Response(form)
    const [body, type] = [await sent.text(), sent.headers.get('content-type') ?? '']
    const upload = { url: '/openai/v1/files', body, type }
    const change = { method: 'PATCH', body: JSON.stringify({ files: { maxBytes: 100 } }) }
    const meanwhile = () => simulator.request('/++/settings', change)
    expect((await askMeanwhile(simulator, meanwhile, upload)).status).toBe(201)
    expect((await askMeanwhile(simulator, () => undefined, upload)).status).toBe(413)
  })

  it('describes the deployments that there were', async () => {
    const simulator = testSimulator({
      deployments: { first: { model: 'gpt-4o' } },
      allowUndefinedDeployments: false,
    })
    const asked = { url: '/models/info?api-version=2024-05-01-preview' }
    const request: SimRequest = {
      method: 'GET',
      url: asked.url,
      headers: { get: (name) => (name === 'api-key' ? 'test-key' : null) },
      bytes: () => Promise.resolve(new Uint8Array()),
    }
    const answering = simulator.handle(request)
    simulator.patch({ openai_deployments: { second: { model: 'gpt-4.1' }, first: null } })
    const { body } = await answering
    expect(typeof body === 'string' ? body : '').toContain('gpt-4o')
  })
})
