import { describe, expect, it } from 'vitest'
import { joined, toSrt, toVtt } from '../../src/sim/operations/audio/subtitles.ts'

const segments = [
  { startSeconds: 0, endSeconds: 3.32, text: 'The beach was wide.' },
  { startSeconds: 3.32, endSeconds: 3661.05, text: 'Then it rained.' },
]

describe('subtitles', () => {
  it('as SubRip are numbered, with a comma before the milliseconds', () => {
    expect(toSrt(segments)).toBe(
      '1\n00:00:00,000 --> 00:00:03,320\nThe beach was wide.\n\n2\n00:00:03,320 --> 01:01:01,050\nThen it rained.\n\n',
    )
  })

  it('as WebVTT have a heading, and a full stop before the milliseconds', () => {
    expect(toVtt(segments)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:03.320\nThe beach was wide.\n\n00:00:03.320 --> 01:01:01.050\nThen it rained.\n\n',
    )
  })

  it('carry what rounds up over to the next second', () => {
    expect(toSrt([{ startSeconds: 59.9996, endSeconds: 100 * 3600, text: 'x' }])).toContain(
      '00:01:00,000 --> 100:00:00,000',
    )
  })

  it('read one after another are the whole text', () => {
    expect(joined(segments)).toBe('The beach was wide. Then it rained.')
  })
})
