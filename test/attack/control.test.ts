/** No pattern of an operator, no list of names and no look at the metrics holds up the others. */
import { describe, expect, it } from 'vitest'
import { attack, canMeasure } from './attacked.ts'
import { controlCases } from './control.ts'
import { expectBounded } from './cost.ts'

describe.skipIf(!canMeasure)('what is set, and what is looked at', () => {
  it.each(Object.entries(controlCases))('does not hold up the others: %s', { timeout: 120_000 }, async (_, one) => {
    const attacked = await attack(one.config)
    try {
      await one.before?.(attacked)
      const measured = await attacked.measure(one.attack)
      expect(measured.status).toBe(200)
      expectBounded(measured, one.times)
    } finally {
      attacked.stop()
    }
  })

  it('ends what is done for a client that has gone', async () => {
    const attacked = await attack()
    try {
      const body = JSON.stringify({ model: 'gpt-4.1', input: 'x'.repeat(1_000_000) })
      for (let time = 0; time < 20; time++) await attacked.leave({ path: '/openai/v1/responses', body })
      // Twenty such texts would take ten seconds of work.
      const { busyMs } = await attacked.measure({ path: '/openai/v1/chat/completions', body: '{}' })
      expect(busyMs).toBeLessThan(500)
    } finally {
      attacked.stop()
    }
  })
})
