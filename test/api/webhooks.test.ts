/** Webhooks: events of what ends by itself, with signatures that the SDK accepts (documented May 2026). */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toFile } from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

type Delivery = { readonly headers: Record<string, string>; readonly body: string }
const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Takes what is delivered, but for the first `refused`. */
async function receiver(refused = 0) {
  const deliveries: Delivery[] = []
  const waiting: (() => void)[] = []
  let left = refused
  let open = 0
  let most = 0
  const server = createServer((request, response) => {
    let body = ''
    most = Math.max(most, ++open)
    response.on('close', () => open--)
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      deliveries.push({ headers: request.headers as Record<string, string>, body })
      response.writeHead(left-- > 0 ? 500 : 204).end()
      for (const tell of waiting.splice(0)) tell()
    })
  })
  server.listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    most: () => most,
    count: async (wanted: number) => {
      while (deliveries.length < wanted) await new Promise<void>((resolve) => waiting.push(resolve))
      return deliveries
    },
  }
}

const quick = { responses: { queueTime: '0ms' }, batches: { validateTime: '0ms', runTime: '0ms', finalizeTime: '0ms' } }

async function subscribed(types: readonly string[], refused = 0) {
  const simulator = testSimulator(quick)
  const { url, count } = await receiver(refused)
  const made = await simulator.post('/openai/v1/dashboard/webhook_endpoints', { name: 'mine', url, event_types: types })
  const endpoint = (await made.json()) as { id: string; signing_secret: string; signing_secret_hint: string }
  const client = simulator.v1()
  const unwrap = ({ body, headers }: Delivery) => client.webhooks.unwrap(body, headers, endpoint.signing_secret)
  return { simulator, client, endpoint, count, unwrap }
}

describe('a webhook', () => {
  it('goes to 100 endpoints at most, of which all are told, some at a time', async () => {
    const simulator = testSimulator(quick)
    const { url, count, most } = await receiver()
    const asked = { name: 'mine', url, event_types: ['response.completed', 'response.incomplete'] }
    const make = () => simulator.post('/openai/v1/dashboard/webhook_endpoints', asked)
    for (let made = 0; made < 100; made++) expect((await make()).status).toBe(200)
    const refused = await make()
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: 'invalid_value' } }])
    await simulator.v1().responses.create({ model: 'gpt-4.1', input: 'Hello', background: true })
    await count(100)
    expect(most()).toBeLessThanOrEqual(32)
  })

  it('tells of a background response that is done, signed', async () => {
    const { client, count, unwrap, endpoint } = await subscribed(['response.completed', 'response.incomplete'])
    const { id } = await client.responses.create({ model: 'gpt-4.1', input: 'Hello', background: true })
    const [delivery] = await count(1)
    const event = await unwrap(delivery!)
    expect(event).toMatchObject({ object: 'event', type: 'response.completed', data: { id } })
    expect(delivery!.headers['user-agent']).toMatch(/^OpenAI\/1\.0/)
    const forged = { ...delivery!, body: delivery!.body.replace(id, 'resp_other') }
    await expect(unwrap(forged)).rejects.toThrow(/signature/)
    expect(endpoint.signing_secret_hint).toBe('whsec_...')
  })

  it('tells of a batch and of what was cancelled, and of nothing that was not asked for', async () => {
    const { client, count, unwrap } = await subscribed(['batch.completed', 'response.cancelled'])
    const line = {
      custom_id: 'a',
      method: 'POST',
      url: '/chat/completions',
      body: { model: 'gpt-4.1', messages: [{ role: 'user', content: 'Hi' }] },
    }
    const file = await client.files.create({
      purpose: 'batch',
      file: await toFile(Buffer.from(JSON.stringify(line)), 'a.jsonl', { type: 'application/jsonl' }),
    })
    const batch = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })
    const [first] = await count(1)
    expect(await unwrap(first!)).toMatchObject({ type: 'batch.completed', data: { id: batch.id } })
  })

  it('is sent again where it was not taken', async () => {
    const { client, count, unwrap } = await subscribed(['response.completed'], 1)
    await client.responses.create({ model: 'gpt-4.1', input: 'Hello', background: true })
    const [first, second] = await count(2)
    expect(second!.body).toBe(first!.body)
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(await unwrap(second!)).toMatchObject({ type: 'response.completed' })
  })

  it('is sent to hosts that are allowed alone', async () => {
    const simulator = testSimulator()
    const path = '/openai/v1/dashboard/webhook_endpoints'
    const create = (url: string) => simulator.post(path, { name: 'a', url, event_types: ['batch.failed'] })
    for (const url of ['https://hooks.example.com/a', 'ftp://localhost/', 'nonsense', 'http://localhost.example.com/'])
      expect((await create(url)).status).toBe(400)
    expect((await create('http://localhost:9/a')).status).toBe(200)
    const listed = (await (await simulator.request(path)).json()) as { data: { id: string; signing_secret?: string }[] }
    expect(listed.data).toHaveLength(1)
    expect(listed.data[0]!.signing_secret).toBeUndefined()
    const { id } = listed.data[0]!
    expect((await simulator.post(`${path}/${id}`, { url: 'https://hooks.example.com' })).status).toBe(400)
    const deleted = await simulator.request(`${path}/${id}`, { method: 'DELETE' })
    expect(await deleted.json()).toEqual({ id, object: 'webhook.endpoint.deleted', deleted: true })
    expect((await simulator.request(`${path}/${id}`)).status).toBe(404)
  })
})
