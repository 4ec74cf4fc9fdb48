/** Clients made up for the verdict: each does one thing wrong, but for the first. */
import type { MadeUp } from './callers.ts'

const threeTimes = [0, 1, 2]

export const madeUp: readonly MadeUp[] = [
  {
    name: 'waits as told, else longer each time and by chance; reads streams to their end',
    run: async ({ well, healthy }) => {
      await healthy(60)
      await healthy(30, { stream: true })
      for (const index of threeTimes) {
        await well(`busy ${index}`)
        await well(`flaky twice ${index}`)
        await well(`breaks ${index}`, { stream: true })
        await well(`fails within ${index}`, { stream: true })
        await well(`wrong ${index}`)
      }
    },
    caught: {},
    crowd: { perHundred: 0 },
  },
  {
    name: 'comes back before the wait that was asked for',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (const index of threeTimes) {
        await attempt(`busy ${index}`, 0)
        await sleep(300)
        await attempt(`busy ${index}`, 1)
      }
    },
    caught: { retryAfterHonoured: 'fail' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'waits twelve times as long as asked',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      await attempt('busy', 0)
      await sleep(24_000)
      await attempt('busy', 1)
    },
    caught: { waitsTooLong: 'fail' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'repeats what was refused for good',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (const tries of threeTimes) {
        await attempt('wrong', tries)
        await sleep(1_000 * 2 ** tries)
      }
    },
    caught: { retriesHopeless: 'fail' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'never tries again',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (let index = 0; index < 6; index++) await attempt(`flaky once ${index}`, 0)
      await sleep(60_000)
    },
    caught: { givesUp: 'fail' },
    crowd: {
      perHundred: 70,
      each: async ({ ask, attempt }) => {
        await ask(2)
        for (let index = 0; index < 10; index++) await attempt(`flaky once ${index}`, 0)
      },
    },
  },
  {
    name: 'tries twelve times',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(100)
      for (let tries = 0; tries < 12; tries++) {
        await attempt('down', tries)
        await sleep(500 * 1.6 ** tries)
      }
    },
    caught: { retryStorm: 'fail' },
    crowd: { perHundred: 2 },
  },
  {
    name: 'has every call fail three times before it is through',
    run: async ({ well, sleep }) => {
      for (let index = 0; index < 25; index++) {
        await well(`flaky thrice ${index}`)
        await sleep(2_000)
      }
    },
    caught: { amplification: 'fail' },
    crowd: {
      perHundred: 120,
      each: async ({ well, sleep }) => {
        for (let index = 0; index < 6; index++) {
          await well(`flaky thrice ${index}`)
          await sleep(2_000)
        }
      },
    },
  },
  {
    name: 'has no back-off: tries again at once',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30)
      for (const index of threeTimes) {
        await attempt(`flaky once ${index}`, 0)
        await sleep(5)
        await attempt(`flaky once ${index}`, 1)
      }
    },
    caught: { backOffGrows: 'fail' },
    crowd: { perHundred: 3 },
  },
  {
    name: 'waits as long each time',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(40)
      for (const index of threeTimes)
        for (const tries of threeTimes) {
          await attempt(`flaky twice ${index}`, tries)
          await sleep(1_000)
        }
    },
    caught: { backOffGrows: 'warn' },
    crowd: { perHundred: 4 },
  },
  {
    name: 'has no jitter: forty that failed together come back together',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(300)
      for (let index = 0; index < 40; index++) await attempt(`flaky once ${index}`, 0)
      await sleep(500)
      for (let index = 0; index < 40; index++) await attempt(`flaky once ${index}`, 1)
    },
    caught: { synchronisedRetries: 'fail' },
    crowd: {
      perHundred: 40,
      min: 24,
      isTogether: true,
      each: async ({ ask, attempt, sleep }) => {
        await ask(10)
        await attempt('flaky once', 0)
        await sleep(500)
        await attempt('flaky once', 1)
      },
    },
  },
  {
    name: 'has three layers that repeat',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(60)
      for (const [at, count] of [0, 1, 0, 1, 0].entries()) {
        await attempt('layers', at, { headers: { 'x-stainless-retry-count': String(count) } })
        await sleep(500 * 2 ** at)
      }
    },
    caught: { layeredRetries: 'warn' },
    crowd: { perHundred: 3 },
  },
  {
    name: 'takes a stream that broke off for a whole one',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30, { stream: true })
      await attempt('breaks', 0, { stream: true })
      await sleep(60_000)
    },
    caught: { cutStreamAccepted: 'fail' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'misses an error within a stream',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30, { stream: true })
      await attempt('fails within', 0, { stream: true })
      await sleep(60_000)
    },
    caught: { streamErrorMissed: 'warn' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'drops streams halfway',
    run: async ({ attempt, sleep }) => {
      for (let index = 0; index < 30; index++) {
        const asked = attempt(`tell ${index}`, 0, {
          stream: true,
          maxTokens: 20,
          ...(index % 5 === 0 && { leavesAfter: 900 }),
        })
        for (let step = 0; step < 40; step++) await sleep(10)
        await asked
      }
    },
    caught: { abandonedStreams: 'fail' },
    crowd: {
      perHundred: 60,
      each: async ({ attempt }) => {
        for (let index = 0; index < 10; index++)
          await attempt(`tell ${index}`, 0, { stream: true, maxTokens: 20, leavesAfter: 900 })
      },
    },
  },
  {
    name: 'waits for a silent answer without end',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(30, { stream: true })
      const asked = attempt('silent', 0, { stream: true })
      for (let step = 0; step < 71; step++) await sleep(10_000)
      await asked
    },
    caught: { noReadTimeout: 'fail' },
    crowd: { perHundred: 3 },
  },
  {
    name: 'asks again for answers that were on their way',
    run: async ({ healthy, attempt, sleep }) => {
      await healthy(60)
      for (const index of threeTimes) {
        await attempt(`slow ${index}`, 0, { maxTokens: 500, timeoutMs: 5_000 })
        await sleep(1_000)
        await attempt(`slow ${index}`, 1, { maxTokens: 500 })
      }
    },
    caught: { wastedTokens: 'fail' },
    crowd: { perHundred: 20 },
  },
  {
    name: 'allows far more tokens than it uses',
    run: async ({ ask }) => ask(30, { maxTokens: 4_000 }, 'in a word'),
    caught: { maxTokens: 'fail' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'stays with a deployment that refuses, while another one is idle',
    run: async ({ healthy, well }) => {
      await healthy(40, { deployment: 'first' })
      await well('refused', { deployment: 'first' })
    },
    caught: { failover: 'fail' },
    crowd: { perHundred: 3 },
  },
  {
    name: 'has three times the load from one minute to the next',
    run: async ({ ask, sleep }) => {
      await ask(20)
      await sleep(60_000)
      await ask(60)
    },
    caught: { ramp: 'warn' },
    crowd: {
      perHundred: 100,
      isTogether: true,
      each: async ({ ask, sleep }) => {
        await ask(4)
        await sleep(60_000)
        await ask(40)
      },
    },
  },
  {
    name: 'asks a standard deployment while the provisioned one has room',
    run: async ({ ask }) => {
      await ask(20, { deployment: 'reserved' })
      await ask(20, { deployment: 'standard' })
    },
    caught: { provisionedFirst: 'fail' },
    crowd: { perHundred: 5 },
  },
  {
    name: 'makes a connection for each request',
    keepsNoConnection: true,
    run: async ({ ask, sleep }) => {
      for (let index = 0; index < 30; index++) {
        await ask(1)
        await sleep(500)
      }
    },
    caught: { keepAlive: 'fail' },
    crowd: {
      perHundred: 150,
      each: async ({ ask, sleep }) => {
        for (let index = 0; index < 30; index++) {
          await ask(1)
          await sleep(2_000)
        }
      },
    },
  },
]
