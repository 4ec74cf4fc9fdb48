/** The page of `aoai-sim report` in a real browser. `PICTURES=folder` keeps pictures of it. */
import axe from 'axe-core'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import { runCommand } from '../support/command.ts'
import { browserPath, startBrowser } from '../support/browser.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

const pictures = process.env['PICTURES']
const title = browserPath === undefined ? 'The report (skipped: there is no Chromium)' : 'The report'

describe.skipIf(browserPath === undefined)(title, { timeout: 120_000 }, () => {
  let browser: Browser
  let host: NodeHost
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'report-'))
    const simulator = testSimulator({
      deployments: { chat: { model: 'gpt-4o', tokensPerMinute: 600, requestsPerMinute: 600 } },
      timeline: { phases: [{ name: 'calm', for: '1h' }] },
    })
    host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
    for (let n = 0; n < 30; n++)
      await fetch(`${host.url}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'api-key': 'test-key', 'content-type': 'application/json', 'x-ms-client-request-id': `${n >> 2}` },
        body: JSON.stringify({
          model: 'chat',
          messages: [{ role: 'user', content: `Question ${n >> 2}` }],
          max_tokens: 60,
        }),
      }).then((answer) => answer.text())
    const run = async (...args: string[]) => {
      const { errors } = await runCommand(['report', host.url, ...args], folder, { SIMULATOR_API_KEY: 'test-key' })
      expect(errors).toBe('')
    }
    await run('--json', 'before.json')
    await run('--html', 'run.html', '--baseline', 'before.json')
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await host.stop()
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('is whole by itself, and has nothing that axe finds, in %s at %i pixels', async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, offline: true })
    const page = await context.newPage()
    const unwanted: string[] = []
    page.on('console', (message) => unwanted.push(message.text()))
    page.on('request', (request) => request.url().startsWith('file:') || unwanted.push(request.url()))
    await page.goto(pathToFileURL(path.join(folder, 'run.html')).href)
    await page.getByText('What to change in the client').waitFor()
    await page.getByText('chat was refused by the limit of 600 tokens per minute.').waitFor()
    for (const details of await page.locator('summary').all()) await details.click()
    if (pictures !== undefined)
      await page.screenshot({ path: path.join(pictures, `report-${colorScheme}.png`), fullPage: true })
    expect(await page.locator('svg[role=img]').count()).toBeGreaterThan(4)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(unwanted).toEqual([])
    // The page allows no script; axe is one of the browser's own, not the page's.
    const bare = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true })
    const checked = await bare.newPage()
    await checked.goto(pathToFileURL(path.join(folder, 'run.html')).href)
    await checked.evaluate(axe.source)
    const { violations } = await checked.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    await bare.close()
    await context.close()
  })
})
