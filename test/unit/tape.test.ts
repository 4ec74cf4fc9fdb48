import { expect, it } from 'vitest'
import { inSlicesOf, mapInSteps, oneStep, Slices, step } from '../../src/sim/base/slices.ts'
import { Tape } from '../../src/sim/base/tape.ts'
import { seededRandom } from '../../src/sim/random.ts'

it('draws the same for work in slices as for work at a stretch, and changes what is kept once', async () => {
  let changes = 0
  const work = (random: Tape, takes: () => void) => {
    const drawn = [random.below(1_000), random.fraction(), random.normal()]
    const steps = Array.from({ length: 10 }, () =>
      step(() => {
        const before = random.uint32()
        const inner = step(() => {
          takes()
          return random.below(100)
        })
        return [before, inner, random.below(7)]
      }),
    )
    const list = mapInSteps(
      Array.from({ length: 1_000 }, (_, at) => at),
      (at) => {
        takes()
        return at + random.below(5)
      },
    )
    oneStep(() => step(() => changes++))
    return { drawn, steps, list, last: random.uint32() }
  }
  const whole = work(new Tape(seededRandom(5)), () => undefined)
  expect(changes).toBe(1)
  let nowMs = 0
  const tape = new Tape(seededRandom(5))
  const slices = new Slices({ now: () => nowMs }, () => undefined)
  const given = inSlicesOf(slices, () => work(tape, () => (nowMs += 3)), [tape])
  expect(given).toBeInstanceOf(Promise)
  expect(await given).toEqual(whole)
  expect(changes).toBe(2)
})
