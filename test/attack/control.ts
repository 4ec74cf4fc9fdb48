/** Attacks that take more than one request, or settings of their own. */
import type { Answered, Attack, Attacked } from './attacked.ts'

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const named = <T>(count: number, make: (index: number) => T) =>
  Object.fromEntries(many(count, (at) => [`d${at}`, make(at)]))

const chat = (content: string, model = 'gpt-4o'): Attack => ({
  path: '/openai/v1/chat/completions',
  body: JSON.stringify({ model, messages: [{ role: 'user', content }], max_tokens: 5 }),
})

type ControlCase = {
  readonly config?: object
  /** Comes before what is measured. */
  readonly before?: (attacked: Attacked) => Promise<unknown>
  readonly attack: Attack
  /** How many times as much it may cost: a change of all settings, by whoever runs the simulator, is no tester's request. */
  readonly times?: number
}

const patterns = (...list: readonly string[]) => ({
  contentFilter: { rules: list.map((pattern) => ({ pattern, category: 'hate' })) },
})

export const controlCases: Readonly<Record<string, ControlCase>> = {
  'a pattern that backtracks, on 100,000 letters': {
    config: patterns('.*secret.*key'),
    attack: chat('x'.repeat(100_000)),
  },
  'a pattern that backtracks, on 280 KB of its beginning': {
    config: patterns('(?:.*secret)+.*key$'),
    attack: chat('secret '.repeat(40_000)),
  },
  'a pattern of nested repeats, on 30,000 letters': { config: patterns('(x+x+)+y'), attack: chat('x'.repeat(30_000)) },
  '500 patterns, on 100,000 letters': {
    config: patterns(...many(500, (at) => `.*(?:a|b)${at}.*c`)),
    attack: chat('ab '.repeat(33_000)),
  },
  '20,000 deployments by /++/settings': {
    attack: {
      method: 'PATCH',
      path: '/++/settings',
      body: JSON.stringify({ deployments: named(20_000, () => ({ model: 'gpt-4o' })) }),
    },
    times: 40,
  },
  '20,000 deployments by /++/config': {
    attack: {
      method: 'PATCH',
      path: '/++/config',
      body: JSON.stringify({ openai_deployments: named(20_000, () => ({ model: 'gpt-4o' })) }),
    },
    times: 40,
  },
  'metrics of 3,000 deployments that nobody configured': {
    before: callsOf3000,
    attack: { method: 'GET', path: '/++/metrics' },
  },
  'metrics of 3,000 deployments, each by its name': {
    config: { telemetry: { undefinedDeployments: 'apart' } },
    before: callsOf3000,
    attack: { method: 'GET', path: '/++/metrics' },
  },
}

async function callsOf3000({ send }: Attacked): Promise<readonly Answered[]> {
  const answers: Answered[] = []
  for (const at of many(3_000, (index) => index)) answers.push(await send(chat('a', `name-${at}`)))
  return answers
}
