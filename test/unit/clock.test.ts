import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { systemClock, until } from '../../src/sim/clock.ts'

/** Real time passes here, so nothing is said of how long: only of order, of "not before", and of what must not run. */
describe('the clock', () => {
  it('runs waits in the order of their times, none before its own', async () => {
    const clock = systemClock()
    const ran: number[] = []
    const early: number[] = []
    const start = clock.now()
    await Promise.all(
      [31, 3, 17, 0, 9, 24, 3, -5].map(
        (afterMs) =>
          new Promise<void>((resolve) => {
            const dueMs = start + afterMs
            clock
              .timer(() => {
                ran.push(afterMs)
                if (clock.now() < dueMs) early.push(afterMs)
                resolve()
              })
              .set(dueMs)
          }),
      ),
    )
    expect(early).toEqual([])
    expect(ran.filter((afterMs) => afterMs > 0)).toEqual([3, 3, 9, 17, 24, 31])
  })

  it('forgets what was cancelled, also by a wait of the same moment', async () => {
    const clock = systemClock()
    const ran: string[] = []
    const dueMs = Math.ceil(clock.now()) + 10
    const victims = ['a', 'b', 'c'].map((name) => clock.timer(() => ran.push(name)))
    const killer = clock.timer(() => {
      for (const victim of victims) victim.cancel()
    })
    killer.set(dueMs)
    for (const victim of victims) victim.set(dueMs)
    await until(clock, dueMs + 8)
    expect(ran).toEqual([])
  })

  it('tells a wait what it is about, and the time, which is not before its own', async () => {
    const clock = systemClock()
    const dueMs = clock.now() + 5
    const told = await new Promise<[about: string, nowMs: number]>((resolve) => {
      clock.timer((about: string, nowMs) => resolve([about, nowMs]), 'this').set(dueMs)
    })
    expect(told).toEqual(['this', expect.any(Number)])
    expect(told[1]).toBeGreaterThanOrEqual(dueMs)
    expect(told[1]).toBeLessThanOrEqual(clock.now())
  })

  it('runs waits of one moment in the order in which they were set, beat after beat', async () => {
    const clock = systemClock()
    const ran: number[] = []
    let dueMs = Math.ceil(clock.now()) + 5
    const timers = [0, 1, 2, 3].map((index) => {
      const timer = clock.timer(() => {
        ran.push(index)
        if (ran.length <= 8) timer.set(dueMs + 10)
      })
      return timer
    })
    for (const timer of timers) timer.set(dueMs)
    await until(clock, dueMs + 2)
    dueMs += 10
    await until(clock, dueMs + 18)
    expect(ran.slice(0, 8)).toEqual([0, 1, 2, 3, 0, 1, 2, 3])
  })

  it('takes a wait from within a wait, and sets one again without losing others', async () => {
    const clock = systemClock()
    let turns = 0
    await new Promise<void>((resolve) => {
      const timer = clock.timer(() => {
        turns++
        if (turns === 50) resolve()
        else timer.set(clock.now() - 1)
      })
      timer.set(clock.now())
    })
    expect(turns).toBe(50)
  })

  it('ends a wait whose signal aborts', async () => {
    const clock = systemClock()
    const controller = new AbortController()
    const waiting = until(clock, clock.now() + 3_600_000, controller.signal)
    controller.abort()
    await waiting
    await until(clock, clock.now() + 3_600_000, AbortSignal.abort())
    expect(controller.signal.aborted).toBe(true)
  })

  it('keeps no process alive for a wait that was cancelled', async () => {
    const clock = new URL('../../src/sim/clock.ts', import.meta.url).href
    const program = `import { systemClock } from '${clock}'
      const clock = systemClock()
      const timer = clock.timer(() => {})
      timer.set(clock.now() + 3_600_000)
      timer.cancel()`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0)
  })
})
