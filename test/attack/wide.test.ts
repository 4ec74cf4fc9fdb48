/**
 * No request to any other operation may hold up the others either. `npm test` sends those that once did; the rest are sent
 * where ATTACK_WIDE is set.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attack, type Attacked, canMeasure } from './attacked.ts'
import { expectBounded } from './cost.ts'
import { wideAttacks, wideCases } from './wide.ts'

const once: ReadonlySet<string> = new Set([
  'a list of lists',
  'a metadata of 60,000 keys',
  '9,000 parts of Claude',
  'inference: 15,000 parts',
  'inference: extra parameters',
  '9,000 items, cut to fit',
  'items of 20,000 parts',
  'a transcription of a form of 10,000 parts',
  'a completion that echoes 4,000 tokens 128 times',
  'realtime: 5,000 items',
  'realtime: sound of 700 turns',
  'realtime: 1,500 references to a long text',
  'a pattern of ever new states as a rule',
  'a pattern of ever new states as a filter of 2,000 texts',
  'a pattern of ever new states as a filter of prompts',
])
const sent = <T>(cases: Readonly<Record<string, T>>) =>
  Object.entries(cases).filter(([name]) => process.env['ATTACK_WIDE'] !== undefined || once.has(name))

/** Who changes all settings or rules at once runs the simulator: a list of thousands is checked in one go. */
const isOfControl = ({ path }: { readonly path: string }) => path.startsWith('/++/')

describe.skipIf(!canMeasure)('a request to any operation', () => {
  let attacked: Attacked
  beforeAll(async () => {
    attacked = await attack()
    const body = JSON.stringify({ model: 'gpt-4.1', messages: [{ role: 'user', content: 'a' }], max_tokens: 5 })
    await attacked.send({ path: '/openai/v1/chat/completions', body })
  })
  afterAll(() => {
    attacked.stop()
  })

  it.each(sent(wideAttacks))('is answered while others are served: %s', { timeout: 60_000 }, async (_, one) => {
    expectBounded(await attacked.measure(one), isOfControl(one) ? 10 : 1)
  })
})

describe.skipIf(!canMeasure)('what is asked of a simulator that was prepared for it', () => {
  it.each(sent(wideCases))('is answered while others are served: %s', { timeout: 120_000 }, async (_, one) => {
    const attacked = await attack(one.config)
    try {
      await one.before?.(attacked)
      const measured = await attacked.measure(() => one.attack(attacked))
      expect(measured.status).toBeGreaterThanOrEqual(200)
      expectBounded(measured)
    } finally {
      attacked.stop()
    }
  })
})
