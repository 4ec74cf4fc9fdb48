/** Programs with the Agents SDK and the AI SDK: each is what an application would be, in a process of its own. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

const folder = path.join(import.meta.dirname, 'node')
const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const isMissing = !Object.keys(dependencies).every((name) => existsSync(path.join(folder, 'node_modules', name)))
const missing = isMissing ? ' (skipped: npm install --prefix test/clients/node)' : ''
if (isMissing) console.warn(`Clients with the Agents SDK${missing}`)

const mcp = {
  server: 'docs',
  tools: [{ name: 'fetch_docs', description: 'Fetch.', arguments: { page: 'readme' }, result: '# Read me' }],
  call: 'fetch_docs',
}
const simulator = testSimulator({ rules: [{ when: { prompt: 'documentation' }, then: { mcp } }] })
let host: NodeHost

describe.skipIf(isMissing)(`programs with agents${missing}`, () => {
  beforeAll(async () => {
    host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
  })
  afterAll(() => host.stop())

  it.each([
    ['speak and listen in a Realtime session', 'agents-realtime'],
    ['remember in a conversation of the service', 'agents-conversations'],
    ['use an MCP server by the AI SDK', 'ai-sdk-mcp'],
  ])(
    '%s',
    async (_, program) => {
      const { stdout } = await promisify(execFile)(process.execPath, [`${program}.mjs`], {
        cwd: folder,
        env: { PATH: process.env['PATH'], SIM_URL: host.url, SIM_KEY: 'test-key' },
        timeout: 110_000,
      })
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toBeTypeOf('object')
      expect(simulator.errors).toEqual([])
    },
    120_000,
  )
})
