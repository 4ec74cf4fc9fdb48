import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunSummary } from '../../src/cli/run-summary.ts'
import { startNodeHost } from '../../src/host/node.ts'
import type { NodeHost } from '../../src/host/node.ts'
import type { Observation } from '../../src/sim/metrics/observation.ts'
import { runCommand } from '../support/command.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

let cwd = ''
let host: NodeHost
const rules = [{ when: { prompt: 'bad' }, then: { error: { status: 400, code: 'bad' } } }]
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'verdict-'))
  host = await startNodeHost(testSimulator({ rules }), { port: 0, host: '127.0.0.1', server: serverLimits })
})
afterEach(async () => {
  await host.stop()
  rmSync(cwd, { recursive: true })
})

const ask = async (content: string) => {
  const answer = await fetch(`${host.url}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`, {
    method: 'POST',
    headers: { 'api-key': 'test-key', 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content }], max_tokens: 3 }),
  })
  await answer.text()
}

const run = (...args: readonly string[]) => runCommand(args, cwd, { SIMULATOR_API_KEY: 'test-key' })

describe('aoai-sim verdict', () => {
  it('ends with 0 where nothing is wrong, and with 1 and what to change where something is', async () => {
    await ask('Hello')
    const good = await run('verdict', host.url)
    expect(good).toMatchObject({ code: 0, errors: '' })
    expect(good.out).toContain('PASS: 1 calls, 1 attempts.')
    expect(good.out).toMatch(/^UNKNOWN +retriesHopeless +Nothing was refused for good\.$/m)

    await ask('bad <one>')
    await ask('bad <one>')
    const bad = await run('verdict', `${host.url}/`, '--junit', 'out.xml', '--html', 'out.html')
    expect(bad.code).toBe(1)
    expect(bad.out).toMatch(/^FAIL +retriesHopeless +1 of 2\. After 400 the same was asked again\.$/m)
    expect(bad.out).toMatch(/Example: [\da-f-]{36}, [\da-f-]{36}/)
    const xml = readFileSync(join(cwd, 'out.xml'), 'utf8')
    // Schemas of JUnit have no count of what was skipped there.
    expect(xml).toContain('<testsuites tests="21" failures="1">')
    expect(xml).toContain('<testcase classname="verdict" name="retriesHopeless"><failure type="fail"')
    const html = readFileSync(join(cwd, 'out.html'), 'utf8')
    expect(html).toContain('<h1>Verdict: fail</h1>')
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(/)
  })

  it.each([
    [['verdict', 'http://127.0.0.1:1'], 'Nothing answers at http://127.0.0.1:1. Is the simulator running?'],
    [['verdict', 'nowhere'], 'nowhere is no address, as http://127.0.0.1:8000.'],
    [['verdict', 'URL', '--key', 'wrong'], 'The key is wrong.'],
    [['verdict', 'URL', '--resource', 'none'], 'There is no resource "none".'],
    [['verdict', 'URL', '--since', 'soon'], 'since: found "soon"'],
    [['verdict', 'URL', '--fail-on', 'never'], 'Allowed choices are fail, warn.'],
  ])('says in a line what is wrong: %j', async (args, message) => {
    const { code, errors } = await run(...args.map((arg) => (arg === 'URL' ? host.url : arg)))
    expect(code).toBe(1)
    expect(errors).toContain(message)
  })
})

describe('aoai-sim watch', () => {
  it('shows a line a second, with a row for each deployment', async () => {
    const watched = run('watch', host.url, '--seconds', '2')
    const asking = (async () => {
      for (let index = 0; index < 40; index++)
        await ask(`Hello ${index}`).then(() => new Promise((go) => setTimeout(go, 30)))
    })()
    const { code, out } = await watched
    await asking
    expect(code).toBe(0)
    expect(out).toMatch(/^time +flight +deployment/)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(out).toMatch(/^\d\d:\d\d:\d\d +\d+ +gpt-4o +\d+ +\d+ +0 +0 +0/m)
  })
})

describe('the summary of a run', () => {
  const seen = (more: object) =>
    ({
      status: 200,
      receivedAtMs: 0,
      firstAtMs: 20,
      endedAtMs: 100,
      refusedBy: undefined,
      usage: undefined,
      ...more,
    }) as Observation

  it('has requests, tokens, 429s by their reason, and times', () => {
    const summary = new RunSummary()
    expect(summary.lines()).toEqual([])
    for (let index = 1; index <= 100; index++)
      summary.observe(seen({ endedAtMs: 10 * index, usage: { promptTokens: 3, completionTokens: 5 } }))
    summary.observe(seen({ status: 429, refusedBy: 'tokens' }))
    summary.observe(seen({ status: 429, refusedBy: 'requests' }))
    summary.observe(seen({ status: 499 }))
    expect(summary.lines()).toEqual([
      'Requests:   103 (200: 100, 429: 2, client left: 1)',
      'Tokens:     300 of prompts, 500 of answers',
      '429s:       1 by tokens, 1 by requests',
      'First byte: p50 20 ms, p95 20 ms, p99 20 ms',
      'Whole:      p50 500 ms, p95 950 ms, p99 990 ms',
    ])
  })
})
