/** JSON that is broken: of one event, or of the body. */
import type { Frame } from '../types.ts'
import type { Fault } from './fault.ts'
import { bufferOf, isEvents } from './flow.ts'
import { atEvent } from './position.ts'

export const malformed: Fault = (plan, wish, context) => {
  const { body } = plan
  if (body.kind === 'whole') {
    const { atMs, data } = body
    return {
      ...plan,
      body: { kind: 'whole', atMs, data: Buffer.from(broken(bufferOf(data).toString('latin1')), 'latin1') },
    }
  }
  if (body.kind === 'stream' && body.isWhole) return { ...plan, body: { ...body, frames: brokenAtEnd(body.frames) } }
  const change = (event: Buffer) => Buffer.from(broken(event.toString('latin1')), 'latin1')
  return isEvents(plan) ? atEvent(plan, { wish, context, change: (event, out) => out.send(change(event)) }) : plan
}

function* brokenAtEnd(frames: Iterable<Frame>): Generator<Frame> {
  let last: Frame | undefined
  for (const frame of frames) {
    if (last) yield last
    last = frame
  }
  if (last) yield { ...last, data: broken(String(last.data)) }
}

/** Without its last closing brace. */
const broken = (text: string) => {
  const at = text.lastIndexOf('}')
  return at < 0 ? `${text}{` : text.slice(0, at) + text.slice(at + 1)
}
