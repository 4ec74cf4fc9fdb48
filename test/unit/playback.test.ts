import { expect, it } from 'vitest'
import { Playback } from '../../src/sim/operations/realtime/playback.ts'

it('knows what a listener hears who plays sound as it comes', () => {
  const playback = new Playback()
  playback.came(200, 1_000)
  // Before the first is over, and just as it is.
  playback.came(200, 1_050)
  playback.came(200, 1_400)
  expect([playback.gaps, playback.gapMs]).toEqual([0, 0])
  // All was played at 1,600.
  playback.came(200, 1_650)
  expect([playback.gaps, playback.gapMs]).toEqual([1, 50])
  // What was late moves all that follows.
  playback.came(200, 1_850)
  playback.came(200, 2_150)
  expect([playback.gaps, playback.gapMs]).toEqual([2, 150])
})
