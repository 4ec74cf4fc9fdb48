import { request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { strangerCheck } from '../src/host/host-names.ts'
import { startNodeHost } from '../src/host/node.ts'
import { serverLimits } from './support/hosts.ts'
import { testSimulator } from './support/simulator.ts'

async function started(settings: object = {}, allowedHosts: string[] = []) {
  const simulator = testSimulator({ ...settings })
  const server = { ...serverLimits, allowedHosts }
  const { port, stop } = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server })
  onTestFinished(stop)
  const ask = (host: string, path = '/openai/v1/models', method = 'GET', body?: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const headers = { host, 'api-key': 'test-key' }
      request({ port, host: '127.0.0.1', path, method, headers }, (incoming) => {
        let text = ''
        incoming.on('data', (piece: Buffer) => (text += piece.toString()))
        incoming.on('end', () => resolve({ status: incoming.statusCode, text }))
      })
        .on('error', reject)
        .end(body)
    })
  return { ask, port }
}

describe('a simulator that only this machine can reach', () => {
  it.each(['127.0.0.1', '127.0.0.1:8000', 'localhost:1234', 'LOCALHOST', '[::1]:8000', '10.0.0.1', 'a.localhost:80'])(
    'answers who calls it %s',
    async (host) => {
      const { ask } = await started()
      expect((await ask(host)).status).toBe(200)
    },
  )

  it.each(['rebind.example', 'rebind.example:8000', 'localhost.example', '127.0.0.1.example', 'localhost@x', '[x]'])(
    'refuses who calls it %s, whatever is asked',
    async (host) => {
      const { ask } = await started()
      for (const path of ['/openai/v1/models', '/++/', '/++/settings', '/']) {
        const { status, text } = await ask(host, path)
        expect([status, JSON.parse(text)]).toEqual([
          421,
          { error: { code: '421', message: expect.stringContaining('server.allowedHosts') as string } },
        ])
      }
    },
  )

  it('answers to a name that is allowed, and to those of its resources', async () => {
    const { ask } = await started({ resources: { east: { hosts: ['east.openai.azure.com'] } } }, ['Sim.Test'])
    expect((await ask('sim.test:8000')).status).toBe(200)
    expect((await ask('other.test')).status).toBe(421)
    expect((await ask('east.openai.azure.com', '/++/health')).status).not.toBe(421)
    expect((await ask('west.openai.azure.com', '/++/health')).status).toBe(421)
  })

  it.each([
    ['localhost:1', 101],
    ['rebind.example', 421],
  ])('opens live connections as it answers: who calls it %s', async (host, status) => {
    const { port } = await started()
    const headers = {
      host,
      'api-key': 'test-key',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const asked = request({ port, host: '127.0.0.1', path: '/openai/v1/realtime?model=gpt-realtime', headers }).end()
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    asked.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve(answer.statusCode)
    })
    expect(await promise).toBe(status)
  })

  it('goes by the target of a request before its header', async () => {
    const { ask } = await started()
    expect((await ask('localhost', 'http://rebind.example/openai/v1/models')).status).toBe(421)
    expect((await ask('localhost', 'http://localhost:7/openai/v1/models')).status).not.toBe(421)
  })

  it('answers to any name where all are allowed', async () => {
    const { ask } = await started({}, ['*'])
    expect((await ask('rebind.example')).status).toBe(200)
  })
})

it('leaves a simulator alone that others can reach', () => {
  const check = (host: string) => strangerCheck({ host, allowed: [], knows: undefined })
  expect(['0.0.0.0', '::', '192.168.0.5', 'sim.example'].map((host) => check(host))).toEqual(Array(4).fill(undefined))
  expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map((host) => check(host)?.('x.example'))).toEqual(
    Array(4).fill(true),
  )
})
