/** The page at `/++/` in a real browser, as a person uses it. `PICTURES=folder` keeps pictures of it. */
import axe from 'axe-core'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { createSimulator, systemClock } from '../../src/sim/index.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { makePage } from '../../scripts/make-page.mjs'
import { browserPath, startBrowser } from '../support/browser.ts'
import { memoryStore } from '../support/memory-store.ts'

const key = 'key-of-this-test'
const code = 'a-code-for-once'
const pictures = process.env['PICTURES']
const title = browserPath === undefined ? 'The page (skipped: there is no Chromium)' : 'The page'
const views = ['overview', 'requests', 'controls', 'recordings', 'playground', 'verdict', 'capacity']

describe.skipIf(browserPath === undefined)(title, { timeout: 120_000 }, () => {
  let browser: Browser
  let url: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    await makePage(path.join(import.meta.dirname, '../../dist/ui'))
    const latency = { chatCompletions: { interToken: '1ms' } }
    const timeline = {
      start: 'manual',
      phases: [
        { name: 'calm', for: '1h' },
        { name: 'storm', for: '1h' },
      ],
    }
    const recordings = await recorded()
    const simulator = createSimulator({
      recordings,
      sources: [
        { name: 'test', input: { apiKey: key, latency, timeline, deployments: { chat: { model: 'gpt-4o' } } } },
      ],
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

  async function setMode(page: Page, mode: string): Promise<void> {
    await page.getByRole('link', { name: 'Controls' }).click()
    const group = page.getByRole('group', { name: 'Answers' })
    await group.getByLabel('Mode').selectOption(mode)
    await group.getByLabel('Keep bodies').selectOption('on')
    await group.getByRole('button', { name: 'Apply' }).click()
    await page.getByText(`"mode":"${mode}"`).waitFor()
  }

  const chat = (model = 'chat', content = 'Hello') =>
    fetch(`${url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }], max_tokens: 5 }),
    }).then((answer) => answer.text())

  const control = async <T>(place: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}${place}`, { ...init, headers: { 'api-key': key } })
    const text = await answer.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  /** What a shell says that was given such a line. */
  const pasted = async (line: string) => {
    const env = { ...process.env, SIMULATOR_API_KEY: key }
    const { stdout } = await promisify(execFile)('sh', ['-c', line], { env })
    return stdout
  }

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

  it('edits a recording, refuses what cannot be one with every problem, and the answer has the edit', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Recordings' }).click()
    await page.getByLabel('Search in names and contents').fill('push water')
    await page.getByLabel('Search in names and contents').press('Enter')
    await page.getByText('1 recording in memory').waitFor()
    await page.getByRole('link', { name: /yaml$/ }).click()
    const document = page.getByLabel('The document, as YAML')
    const before = await document.inputValue()
    await document.fill('version: 3\nrequest: {}\nresponse: { status: 7 }')
    await page.getByRole('button', { name: 'Save' }).click()
    const alert = page.getByRole('alert')
    for (const problem of ['version', 'request.method', 'request.path', 'response.status'])
      await alert.getByText(problem).waitFor()
    await document.fill(before.replace('They push water away.', 'They are light.'))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Written. The next answer has it.').waitFor()
    await setMode(page, 'replay')
    expect(await chat('chat', 'Why do ships float?')).toContain('They are light.')
    expect(await chat('chat', 'Why do planes float?')).toContain('RecordingNotFound')
    await page.getByRole('link', { name: 'Recordings' }).click()
    await page.getByRole('button', { name: 'Compare with the nearest' }).first().click()
    await page.getByText('Why do planes float?').waitFor()
    await setMode(page, 'generate')
    expect(errors.filter((error) => !/ 400 /.test(error))).toEqual([])
  })

  it('breaks a stream by a rule from a template, counts it, and switches it off', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Controls' }).click()
    await page.getByLabel('Template').selectOption('Streams break off after 20 tokens')
    await page.getByRole('button', { name: 'Add rule' }).click()
    await page.getByText('"fault":"cut"').first().waitFor()
    const send = async () => {
      await page.getByRole('link', { name: 'Playground' }).click()
      await page.getByLabel('max_tokens').fill('60')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('button', { name: 'Send' }).waitFor()
    }
    await send()
    await page.getByRole('alert').getByText('The stream broke off').waitFor()
    await page.getByRole('link', { name: 'Controls' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Streams break off' })
    await row.getByText('1 times').waitFor()
    await row.getByRole('button', { name: /Switch off/ }).click()
    await row.getByText('off', { exact: true }).waitFor()
    await page.getByText('{"enabled":false}').waitFor()
    await send()
    await page.getByText('60', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Controls' }).click()
    await row.getByRole('button', { name: /Remove/ }).click()
    await page.getByText('No rules').waitFor()
    expect(errors.filter((error) => !/INCOMPLETE|RESET|EMPTY/.test(error))).toEqual([])
  })

  it('shows commands that do the same when they are pasted into a shell, whatever stands in them', async () => {
    const { page } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Controls' }).click()
    const name = `Bob's "rule" of $HOME, \`id\` and {1..3}!`
    const rule = { name, when: { prompt: 'never asked' }, then: { error: 'rateLimit' } }
    await page.getByLabel('The rule, as JSON').fill(JSON.stringify(rule))
    await page.getByRole('button', { name: 'Add rule' }).click()
    await pasted(await page.getByRole('region', { name: 'Command' }).innerText())
    const { rules } = await control<{ rules: { id: string; name?: string }[] }>('/++/rules')
    const made = rules.filter((one) => one.name === name)
    expect(made).toHaveLength(2)
    for (const { id } of made) await control(`/++/rules/${id}`, { method: 'DELETE' })

    // And what asks again: the same question, told by the journal.
    await control('/++/settings', { method: 'PATCH', body: JSON.stringify({ journal: { bodies: 'on' } }) })
    const question = `What's "$HOME" and \`id\`?\nNothing!`
    await chat('chat', question)
    const newest = () => control<{ requests: { id: string }[] }>('/++/requests?limit=1')
    const before = (await newest()).requests[0]?.id ?? ''
    await page.goto(`${url}/++/#requests/${before}`)
    const told = await pasted(await page.getByRole('region', { name: 'Command' }).innerText())
    expect(JSON.parse(told)).toMatchObject({ object: 'chat.completion' })
    const after = (await newest()).requests[0]?.id ?? ''
    expect(after).not.toBe(before)
    const { request } = await control<{ request: { body: { messages: { content: string }[] } } }>(
      `/++/requests/${after}`,
    )
    expect(request.body.messages[0]?.content).toBe(question)
  })

  it('moves the timeline on, and fails a resource and brings it back', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await page.getByRole('link', { name: 'Controls' }).click()
    const timeline = page.getByRole('region', { name: 'Timeline' })
    await timeline.getByText('It has not begun.').waitFor()
    await timeline.getByRole('button', { name: 'Start' }).click()
    await timeline.getByText('In phase calm').waitFor()
    await timeline.getByRole('button', { name: 'Skip to the next phase' }).click()
    await timeline.getByText('In phase storm').waitFor()
    await timeline.getByRole('button', { name: 'Stop' }).click()
    await timeline.getByText('It was stopped').waitFor()
    await page.getByRole('button', { name: 'Fail default' }).click()
    await page.getByRole('button', { name: 'Bring back default' }).waitFor()
    expect(await chat()).toContain('temporarily unable')
    await page.getByRole('button', { name: 'Bring back default' }).click()
    await page.getByRole('button', { name: 'Fail default' }).waitFor()
    expect(await chat()).toContain('chat.completion')
    expect(errors).toEqual([])
  })

  it('says what callers do wrong, and what they would need', async () => {
    const { page, errors } = await open()
    await signIn(page)
    await chat()
    await page.getByRole('link', { name: 'Verdict' }).click()
    await page.getByRole('heading', { name: /marks fail|Nothing is known/ }).waitFor()
    await page.getByRole('link', { name: 'Capacity' }).click()
    await page.getByRole('heading', { name: /^chat / }).waitFor()
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
        // Nor a table that is cut, and would have to be pushed aside to be read.
        const cut =
          'Math.max(0, ...[...document.querySelectorAll(".wide")].map((one) => one.scrollWidth - one.clientWidth))'
        expect(await page.evaluate(cut), view).toBeLessThanOrEqual(1)
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
    // A view that is opened now says so in the page's words, and has what it shows as soon as it can be had.
    for (const view of ['requests', 'recordings', 'controls', 'verdict', 'capacity']) {
      await page.evaluate(`location.hash = '#${view}'`)
      await page.getByText('as soon as the simulator is there again').waitFor()
      expect(await page.getByRole('alert').count(), view).toBe(0)
    }
    way.mend()
    await page.getByText('in flight').first().waitFor()
    await page.getByRole('heading', { name: 'Capacity' }).or(page.getByText('Busiest minute')).first().waitFor()
    way.cut()
  })

  async function keep(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: path.join(pictures, `${name}.png`) })
  }
})

/** One chat completion, in memory. */
async function recorded() {
  const recordings = createRecordings({ store: memoryStore(), clock: systemClock() })
  const path = '/openai/v1/chat/completions'
  const value = { model: 'chat', messages: [{ role: 'user', content: 'Why do ships float?' }], max_tokens: 5 }
  const message = { role: 'assistant', content: 'They push water away.' }
  const answer = { object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] }
  await recordings.add(
    {
      request: { method: 'POST', path, query: {}, contentType: 'application/json', body: { kind: 'json', value } },
      response: { status: 200, headers: { 'content-type': 'application/json' }, body: { kind: 'json', value: answer } },
      durationMs: 1,
      usage: { promptTokens: 8, completionTokens: 5 },
      recordedAt: undefined,
    },
    { method: 'POST', path, contentType: 'application/json', bytes: Buffer.from(JSON.stringify(value)) },
  )
  return recordings
}

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
