import { describe, expect, it } from 'vitest'
import { send } from '../../src/sim/http/send.ts'
import type { Frame, Sink, SimResponse } from '../../src/sim/types.ts'
import { manualClock } from '../support/manual-clock.ts'

/** A stream of frames at these times, and when each of its writes went out. Frames of bytes take time to be made. */
function stream(times: readonly number[], makingMs?: number) {
  const clock = manualClock()
  function* made(): Generator<Frame> {
    for (const atMs of times) {
      if (makingMs !== undefined) clock.stall(makingMs)
      yield { atMs, data: makingMs === undefined ? `${atMs} ` : Buffer.from(String(atMs)) }
    }
  }
  const frames = makingMs === undefined ? [...made()] : made()
  const sent: [atMs: number, data: string][] = []
  let resume: (() => void) | undefined
  let ends = 0
  const client = { isReading: true }
  const sink: Sink = {
    write: (data) => {
      sent.push([clock.now(), String(data).trim()])
      return client.isReading
    },
    onDrain: (run) => (resume = run),
    end: () => ends++,
    onClose: () => undefined,
  }
  const response = send(
    {
      status: 200,
      contentType: 'text/event-stream',
      usage: { promptTokens: 0, completionTokens: 0 },
      body: { kind: 'stream', frames },
    },
    {
      clock,
      receivedAtMs: 0,
      request: {},
      headers: () => ({}),
      onEnd: () => ends++,
      report: (error) => expect.unreachable(String(error)),
    },
  ) as SimResponse
  if (typeof response.body !== 'function') throw new Error('It has no stream')
  response.body(sink)
  return { clock, sent, client, drain: () => resume?.(), ends: () => ends }
}

const every = (gapMs: number, count: number) => Array.from({ length: count }, (_, index) => index * gapMs)

describe('a stream on its way', () => {
  it('sends each frame when it is due', () => {
    const { clock, sent, ends } = stream([0, 0, 20, 40, 40])
    clock.advance(100)
    expect(sent).toEqual([
      [0, '0 0'],
      [20, '20'],
      [40, '40 40'],
    ])
    expect(ends()).toBe(2)
  })

  it('catches up gap by gap after it was held up, and is in time again', () => {
    const { clock, sent } = stream(every(20, 8))
    clock.stall(32)
    clock.advance(200)
    expect(sent.map(([atMs]) => atMs)).toEqual([0, 32, 47, 62, 80, 100, 120, 140])
  })

  it('does not send later what is late by less than what it may shorten a gap', () => {
    const { clock, sent } = stream(every(20, 4))
    clock.stall(24)
    clock.advance(100)
    expect(sent.map(([atMs]) => atMs)).toEqual([0, 24, 40, 60])
  })

  it('lets others have a turn while much is due at once', () => {
    const { clock, sent, ends } = stream([0, 0, 0, 0, 0, 0], 3)
    const others: number[] = []
    const other = clock.timer(() => {
      others.push(sent.length)
      other.set(clock.now() + 1)
    })
    other.set(0)
    clock.advance(40)
    expect(sent).toHaveLength(6)
    expect(ends()).toBe(2)
    expect(others.filter((count) => count > 0 && count < 6).length).toBeGreaterThan(0)
  })

  it('sends together what is later than a core that is only held up would be', () => {
    const { clock, sent } = stream(every(20, 12))
    clock.stall(165)
    clock.advance(200)
    expect(sent).toEqual([
      [0, '0'],
      [165, '20 40 60'],
      [180, '80'],
      [195, '100'],
      [210, '120'],
      [225, '140'],
      [240, '160'],
      [255, '180'],
      [270, '200'],
      [285, '220'],
    ])
  })

  it('sends together what is due of gaps that nobody sees', () => {
    const { clock, sent } = stream(every(5, 6))
    clock.stall(12)
    clock.advance(100)
    expect(sent).toEqual([
      [0, '0'],
      [12, '5 10'],
      [15, '15'],
      [20, '20'],
      [25, '25'],
    ])
  })

  it('sends a client that did not read for long all that it missed, but for the last of it', () => {
    const { clock, sent, client, drain } = stream(every(20, 80))
    client.isReading = false
    clock.advance(20)
    clock.stall(900)
    client.isReading = true
    drain()
    expect(sent.map(([atMs]) => atMs)).toEqual([0, 20, 920])
    expect(sent[2]?.[1].split(' ')).toEqual(every(20, 41).slice(2).map(String))
    clock.advance(1_000)
    expect(sent.at(-1)).toEqual([1580, '1580'])
  })
})
