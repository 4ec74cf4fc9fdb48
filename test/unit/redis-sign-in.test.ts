import { describe, expect, it } from 'vitest'
import { createTokenSource } from '../../src/sim/azure/entra-token.ts'
import { entraCredentials } from '../../src/sim/limits/redis-sign-in.ts'
import { manualClock } from '../support/manual-clock.ts'

const hourMs = 3_600_000
const token = (oid: string) => `x.${Buffer.from(JSON.stringify({ oid })).toString('base64url')}.signature`

/** A server that is signed in to; `answers` are the tokens that can be had, undefined where none can. */
async function signedIn(answers: readonly (string | undefined)[], user?: string) {
  const clock = manualClock()
  let asked = 0
  const tokens = createTokenSource(clock, async () => {
    const answer = answers[asked++]
    if (answer === undefined) throw new Error('away')
    return Promise.resolve({ token: answer, expiresOnTimestamp: clock.now() + hourMs })
  })
  const told: unknown[] = []
  const provider = entraCredentials(clock, tokens, user)
  const onError = () => undefined
  const [first, subscription] = await provider.subscribe({ onNext: (next) => told.push(next), onError })
  return { clock, told, first, dispose: () => subscription.dispose() }
}

describe('signing in to Redis by Entra', () => {
  it('names the object id of the token, or the user that the address names', async () => {
    expect((await signedIn([token('one')])).first).toEqual({ username: 'one', password: token('one') })
    expect((await signedIn([token('one')], 'me')).first).toEqual({ username: 'me', password: token('one') })
  })

  it('tells the server a new token five minutes before the old one ends, again and again', async () => {
    const { clock, told } = await signedIn([token('one'), token('two'), token('three')])
    await clock.advanceAsync(hourMs - 5 * 60_000 - 1)
    expect(told).toEqual([])
    await clock.advanceAsync(1)
    expect(told).toEqual([{ username: 'two', password: token('two') }])
    await clock.advanceAsync(hourMs - 5 * 60_000)
    expect(told).toHaveLength(2)
  })

  it('asks again where no new token can be had, and stops with the connection', async () => {
    const { clock, told, dispose } = await signedIn([token('one'), undefined, undefined, token('two')])
    await clock.advanceAsync(hourMs - 5 * 60_000)
    await clock.advanceAsync(60_000)
    expect(told.at(-1)).toEqual({ username: 'two', password: token('two') })
    dispose()
    expect(clock.waiting).toBe(0)
  })
})
