/** The page at `/++/` in a real browser, as a person uses it. `PICTURES=folder` keeps pictures of it. */
import axe from 'axe-core'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { makePage } from '../../scripts/make-page.mjs'
import { browserPath, startBrowser } from '../support/browser.ts'

const key = 'key-of-this-test'
const code = 'a-code-for-once'
const pictures = process.env['PICTURES']
const title = browserPath === undefined ? 'The page (skipped: there is no Chromium)' : 'The page'
const views = ['overview', 'requests', 'controls', 'playground']

describe.skipIf(browserPath === undefined)(title, { timeout: 120_000 }, () => {
  let browser: Browser
  let url: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    await makePage(path.join(import.meta.dirname, '../../dist/ui'))
    const latency = { chatCompletions: { interToken: '1ms' } }
    const simulator = createSimulator({
      sources: [{ name: 'test', input: { apiKey: key, latency, deployments: { chat: { model: 'gpt-4o' } } } }],
      signInCode: code,
    })
    const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: simulator.config().server })
    url = host.url
    stop = async () => {
      await host.stop()
      await simulator.close()
    }
    browser = await startBrowser()
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  })
  afterAll(async () => {
    await browser.close()
    await stop()
  })

  /** A new tab, whose console must stay free of errors. */
  async function open(scheme: 'light' | 'dark' = 'light', width = 1280): Promise<{ page: Page; errors: string[] }> {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on(
      'console',
      (message) => message.type() === 'error' && !/ 401 /.test(message.text()) && errors.push(message.text()),
    )
    page.on(
      'request',
      (request) => request.url().startsWith(url) || request.url().startsWith('data:') || errors.push(request.url()),
    )
    return { page, errors }
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto(`${url}/++/`)
    await page.getByLabel('Key of the simulator').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('in flight').first().waitFor()
  }

  const chat = (model = 'chat') =>
    fetch(`${url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 }),
    }).then((answer) => answer.text())

  it('refuses a wrong key in words, takes the right one, and keeps it for the tab', async () => {
    const { page, errors } = await open()
    await page.goto(`${url}/++/`)
    await page.getByLabel('Key of the simulator').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('not the key of this simulator').waitFor()
    await signIn(page)
    await page.reload()
    await page.getByRole('heading', { name: 'Last errors' }).waitFor()
    expect(errors).toEqual([])
  })

  it('signs in by the link that the start prints, once', async () => {
    const first = await open()
    await first.page.goto(`${url}/++/#code=${code}`)
    await first.page.getByRole('heading', { name: 'Last errors' }).waitFor()
    expect(first.page.url()).toBe(`${url}/++/`)
    const second = await open()
    await second.page.goto(`${url}/++/#code=${code}`)
    await second.page.getByRole('button', { name: 'Sign in' }).waitFor()
  })

  it('shows within seconds which limit refuses requests, after one was set on the page', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Controls' }).click()
    const group = page.getByRole('group', { name: 'Deployment chat' })
    await group.getByLabel('Tokens per minute').fill('40')
    await group.getByLabel('Requests per minute').fill('1000')
    await group.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('"tokensPerMinute":40,"requestsPerMinute":1000').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    for (let n = 0; n < 12; n++) await chat()
    await page.getByText('The cause is the limit of tokens per minute (40).').waitFor({ timeout: 5_000 })
    await keep(page, 'overview')
    // Back to no limit, for the tests after this one.
    await page.getByRole('link', { name: 'Controls' }).click()
    await page.getByRole('group', { name: 'Deployment chat' }).getByLabel('Tokens per minute').fill('')
    await page.getByRole('group', { name: 'Deployment chat' }).getByRole('button', { name: 'Apply' }).click()
    await page.getByText('"tokensPerMinute":null').waitFor()
    expect(errors).toEqual([])
  })

  it('says in words what is wrong with a change', async () => {
    const { page } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Controls' }).click()
    await page.getByLabel('Chat, between tokens').fill('soon')
    await page.getByRole('group', { name: 'Latency' }).getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('alert').getByText('latency.chatCompletions.interToken').waitFor()
  })

  it('follows requests, and opens one', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Requests' }).click()
    await chat('followed')
    const row = page.getByRole('row').filter({ hasText: 'followed' })
    await row.getByRole('button').click()
    await page.getByRole('region', { name: 'Request', exact: true }).getByText('generated').waitFor()
    await keep(page, 'requests')
    expect(errors).toEqual([])
  })

  it('chats, and shows when each token came', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Playground' }).click()
    await page.getByLabel('max_tokens').fill('20')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('button', { name: 'Send' }).waitFor()
    await page.getByText('20', { exact: true }).waitFor()
    await keep(page, 'playground')
    expect(errors).toEqual([])
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)(
    'has nothing that axe finds, in %s at %i pixels, nor anything wider than the window',
    async (scheme, width) => {
      const { page } = await open(scheme, width)
      await signIn(page)
      for (let n = 0; n < 3; n++) await chat()
      for (const view of views) {
        await page.goto(`${url}/++/#${view}`)
        await page.waitForTimeout(1_200)
        // What the page's own policy refuses to a script of a test comes in by the debugger.
        await page.evaluate(axe.source)
        const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
        expect(violations.map(({ id, nodes }) => `${view}: ${id}: ${nodes[0]?.html}`)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(width)
        await keep(page, `${view}-${scheme}-${width}`)
      }
    },
  )

  it('says that it lost the simulator, and comes back by itself', async () => {
    const way = await breakableWay(Number(new URL(url).port))
    const { page } = await open()
    await page.goto(`http://127.0.0.1:${way.port}/++/`)
    await page.getByLabel('Key of the simulator').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('in flight').first().waitFor()
    way.cut()
    await page.getByText('reconnecting').waitFor()
    way.mend()
    await page.getByText('in flight').first().waitFor()
    way.cut()
  })

  async function keep(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: path.join(pictures, `${name}.png`) })
  }
})

/** A port that leads to another, until it is cut. */
async function breakableWay(to: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy()
    const other = connect(to, '127.0.0.1')
    for (const end of [socket, other]) {
      sockets.add(end)
      end.on('error', () => undefined).on('close', () => sockets.delete(end))
    }
    socket.pipe(other).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => (isCut = false),
  }
}
