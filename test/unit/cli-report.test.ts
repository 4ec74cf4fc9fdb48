/** `aoai-sim report`: what it writes, and what it says. How the page looks is in `test/e2e/report.test.ts`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import { runCommand } from '../support/command.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

let cwd = ''
let host: NodeHost
const settings = {
  deployments: { chat: { model: 'gpt-4o', tokensPerMinute: 200, requestsPerMinute: 600 } },
  resources: { east: { apiKeys: ['the-key-of-the-east'] } },
  rules: [
    {
      name: '<b>bad</b>',
      when: { prompt: 'bad' },
      then: { error: { status: 400, code: 'bad', message: '<i>no</i>' } },
    },
  ],
  timeline: { phases: [{ name: 'calm', for: '1h' }] },
}

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'report-'))
  host = await startNodeHost(testSimulator(settings), { port: 0, host: '127.0.0.1', server: serverLimits })
})
afterEach(async () => {
  await host.stop()
  rmSync(cwd, { recursive: true })
})

async function ask(content: string, { resource = '', key = 'test-key' } = {}) {
  const answer = await fetch(`${host.url}${resource}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'api-key': key,
      'content-type': 'application/json',
      'x-ms-client-request-id': content.replaceAll(' ', '-'),
    },
    body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content }], max_tokens: 60 }),
  })
  await answer.text()
  return answer.status
}

const run = (...args: readonly string[]) => runCommand(args, cwd, { SIMULATOR_API_KEY: 'test-key' })

const written = (file: string) => readFileSync(join(cwd, file), 'utf8')

describe('aoai-sim report', () => {
  it('writes a page that asks for nothing, with what happened, what was wrong, and no secret', async () => {
    for (let index = 0; index < 3; index++) await ask(`Hello ${index}`)
    for (let index = 0; index < 2; index++) expect(await ask('too many')).toBe(429)
    for (let index = 0; index < 2; index++) await ask('bad')
    const { code, out, errors } = await run('report', host.url, '--html', 'run.html')
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(out).toMatch(
      /^In \d s 7 requests came: 43 % were answered, 29 % were refused with 429 and 29 % were wrong \(4xx\)\.$/m,
    )
    expect(out).toContain('chat was refused by the limit of 200 tokens per minute.')
    expect(out).toMatch(/^The client does \d things? wrong/m)
    const html = written('run.html')
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(|<script|http-equiv="refresh"/)
    expect(html).toContain('Repeats what cannot succeed')
    expect(html).toContain('Comes back before the wait that it was told')
    expect(html).toContain('<b>Tokens that were answered</b>')
    expect(html).toContain('limit: 200')
    expect(html).toMatch(/<title>calm<\/title>/)
    expect(html).toContain('&lt;i&gt;no&lt;/i&gt;')
    expect(html).not.toContain('<b>bad</b>')
    expect(html).toContain('<code>deployments.chat.tokensPerMinute</code></th><td>200</td><td>test</td>')
    expect(html).toContain('GlobalProvisionedManaged')
    for (const secret of ['test-key', 'the-key-of-the-east']) expect(html).not.toContain(secret)
  })

  it('tells what is other than in an earlier run', async () => {
    await ask('Hello')
    expect((await run('report', host.url, '--json', 'before.json')).out).toContain('The whole report: --html run.html.')
    await fetch(`${host.url}/++/settings`, {
      method: 'PATCH',
      headers: { 'api-key': 'test-key' },
      body: JSON.stringify({ deployments: { chat: { tokensPerMinute: 100 } } }),
    })
    for (let index = 0; index < 3; index++) await ask(`More ${index}`)
    await run('report', host.url, '--html', 'run.html', '--baseline', 'before.json')
    const html = written('run.html')
    expect(html).toMatch(
      /<th scope="row">Refused with 429<\/th><td>0 %<\/td><td>\d+ %<\/td><td class="fail">new, worse<\/td>/,
    )
    expect(html).toMatch(/<code>deployments.chat.tokensPerMinute<\/code><\/th><td>200<\/td><td>100<\/td>/)
  })

  it('has a part for each resource that was asked anything, or the one that is named', async () => {
    await ask('Hello')
    await ask('Hello', { resource: '/resources/east', key: 'the-key-of-the-east' })
    const both = await run('report', host.url, '--html', 'run.html')
    expect(both.out).toMatch(/^default:$/m)
    expect(written('run.html')).toContain('<h2>Resource east</h2>')
    const one = await run('report', host.url, '--resource', 'east', '--html', 'east.html')
    expect(one.out).not.toContain('default')
    expect(written('east.html')).not.toContain('<h2>Resource')
    const own = await run('report', `${host.url}/resources/east`, '--key', 'the-key-of-the-east')
    expect(own).toMatchObject({ code: 0, errors: '' })
  })

  it('says that nothing has come', async () => {
    const { code, out } = await run('report', host.url, '--html', 'run.html')
    expect(code).toBe(0)
    expect(out).toContain('No request has come')
    expect(written('run.html')).toContain('Too little was seen to judge the client.')
  })

  it.each([
    [['http://127.0.0.1:1'], 'Nothing answers at http://127.0.0.1:1.'],
    [['nowhere'], 'nowhere is no address'],
    [['URL', '--key', 'wrong'], 'The key is wrong.'],
    [['URL', '--resource', 'none'], 'There is no resource "none".'],
    [['URL', '--baseline', 'none.json'], 'none.json cannot be read.'],
    [['URL', '--baseline', 'other.json'], 'other.json is no run that `aoai-sim report --json` wrote.'],
  ])('says in a line what is wrong: %j', async (args, message) => {
    writeFileSync(join(cwd, 'other.json'), '{"format":"other"}')
    const { code, errors } = await run('report', ...args.map((arg) => (arg === 'URL' ? host.url : arg)))
    expect(code).toBe(1)
    expect(errors).toContain(message)
  })
})
