/**
 * Pictures of the page while a load test of two minutes runs, on a clock of the test: the README shows them, and here each is
 * compared with that for gross changes. `UPDATE_PICTURES=1` makes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePage } from '../../scripts/make-page.mjs'
import { toFetch } from '../../src/host/fetch.ts'
import { startNodeHost } from '../../src/host/node.ts'
import { createSimulator, type Simulator } from '../../src/sim/index.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { browserPath, startBrowser } from '../support/browser.ts'
import { manualClock, type ManualClock } from '../support/manual-clock.ts'

const key = 'key-of-this-test'
const root = path.join(import.meta.dirname, '../..')
const title =
  browserPath === undefined ? 'Pictures of the page (skipped: there is no Chromium)' : 'Pictures of the page'
const size = { width: 1200, height: 900 }
const loadSeconds = 120

const input = {
  apiKey: key,
  latency: { chatCompletions: { timeToFirstToken: '400ms ± 80ms', interToken: '9ms ± 3ms' } },
  deployments: {
    chat: { model: 'gpt-4o', tokensPerMinute: 60_000, requestsPerMinute: 6_000 },
    'chat-ptu': {
      model: 'gpt-4o',
      sku: 'GlobalProvisionedManaged',
      capacity: 15,
      spilloverDeploymentName: 'chat-standard',
    },
    'chat-standard': { model: 'gpt-4o' },
  },
  timeline: {
    start: 'start',
    phases: [
      { name: 'calm', for: '60s' },
      { name: 'slow', for: '40s', latency: { factor: 2 } },
      { name: 'after', for: '80s' },
    ],
  },
}

describe.skipIf(browserPath === undefined)(title, { timeout: 180_000 }, () => {
  let browser: Browser
  let clock: ManualClock
  let simulator: Simulator
  let host: Awaited<ReturnType<typeof startNodeHost>>

  beforeAll(async () => {
    await makePage(path.join(root, 'dist/ui'))
    clock = manualClock(Date.UTC(2026, 0, 31, 12))
    simulator = createSimulator({ sources: [{ name: 'test', input }], clock, random: seededRandom(7) })
    host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: simulator.config().server })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await host.stop()
    await simulator.close()
  })

  it('are those of the README, in light and dark', async () => {
    const contexts = await Promise.all(
      (['light', 'dark'] as const).map((colorScheme) =>
        browser.newContext({
          colorScheme,
          viewport: size,
          timezoneId: 'UTC',
          locale: 'en-GB',
          reducedMotion: 'reduce',
        }),
      ),
    )
    const pages = await Promise.all(contexts.map((context) => context.newPage()))
    for (const page of pages) {
      await page.goto(`${host.url}/++/`)
      await page.getByLabel('Key of the simulator').fill(key)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'Last errors' }).waitFor()
      await page.getByText('connected').waitFor()
    }
    await runLoad()
    const differences: Record<string, number> = {}
    for (const [at, scheme] of ['light', 'dark'].entries()) {
      const page = pages[at]!
      await page.getByText('The cause is the limit of tokens per minute (60,000)').waitFor()
      // The limits are asked for every few seconds.
      await page.getByText('of 60K').waitFor()
      await page.getByText('In phase after').waitFor()
      const place = path.join(root, `docs/pictures/overview-${scheme}.png`)
      const picture = await page.screenshot()
      if (process.env['UPDATE_PICTURES']) writeFileSync(place, picture)
      differences[scheme] = differenceOf(PNG.sync.read(picture), PNG.sync.read(readFileSync(place)))
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width)
    }
    // Fonts differ from one machine to the next; a view that is empty, or has lost its style, is beyond this.
    expect(Object.values(differences).filter((difference) => difference > 0.06)).toEqual([])
  })

  /** Each second so many ask, more and more; nobody waits in real time. */
  async function runLoad(): Promise<void> {
    const ask = toFetch(simulator)
    const chat = (model: string, n: number) =>
      ask(`http://sim.test/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({
          model,
          messages: [{ role: 'user', content: `Question ${n}: ${'how do ships float on water? '.repeat(6)}` }],
          max_tokens: 60,
        }),
      }).then((answer) => answer.text())
    const asked: Promise<string>[] = []
    for (let second = 0; second < loadSeconds; second++) {
      for (let n = 0; n < 4 + second / 8; n++) asked.push(chat('chat', asked.length))
      for (let n = 0; n < 4 + second / 10; n++) asked.push(chat('chat-ptu', asked.length))
      await clock.advanceAsync(1_000)
    }
  }
})

/** From 0 for the same to 1 for black and white: of the means of small fields, so that letters do not count. */
function differenceOf(one: PNG, other: PNG): number {
  if (one.width !== other.width || one.height !== other.height) return 1
  const [a, b] = [fieldsOf(one), fieldsOf(other)]
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length / 255
}

const fieldPixels = 30

function fieldsOf({ width, height, data }: PNG): readonly number[] {
  const fields: number[] = []
  for (let top = 0; top < height; top += fieldPixels)
    for (let left = 0; left < width; left += fieldPixels) {
      let sum = 0
      for (let y = top; y < top + fieldPixels; y++)
        for (let x = left; x < left + fieldPixels; x++) {
          const at = 4 * (y * width + x)
          sum += ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3
        }
      fields.push(sum / fieldPixels ** 2)
    }
  return fields
}
