/** A body that comes byte by byte takes no more than others, and holds nobody up. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Answered, attack, type Attacked, canMeasure } from './attacked.ts'
import { promised } from './cost.ts'

let attacked: Attacked
beforeAll(async () => {
  attacked = await attack()
})
afterAll(() => {
  attacked.stop()
})

/** Each is six bytes on the wire, and was 430 in memory. */
const pieces = 60_000

function inPieces(): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const socket = connect(attacked.port, '127.0.0.1')
  let text = ''
  socket.on('error', reject)
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')))
  socket.on('close', () => {
    resolve({ status: Number(text.slice(9, 12)), text, bytes: text.length })
  })
  socket.write(
    `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\napi-key: test-key\r\nConnection: close\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(pieces)}0\r\n\r\n`,
  )
  return promise
}

it.skipIf(!canMeasure)('holds a body of very many pieces in one', { timeout: 60_000 }, async () => {
  const cost = await attacked.measure(async () => {
    const all = await Promise.all(Array.from({ length: 4 }, inPieces))
    return all[0]!
  })
  expect(cost.status).toBe(400)
  expect(cost.addedMegabytes).toBeLessThan(promised.maxAddedMegabytes)
})
