import { expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import type { Call } from '../../src/sim/operation.ts'
import type { ChatBody } from '../../src/sim/operations/chat/body.ts'
import { chunkFrame } from '../../src/sim/operations/chat/chunk.ts'
import { seededRandom } from '../../src/sim/random.ts'

/** As much of a call as its chunks say. The padding begins with the same letter each time. */
const call = (model: string, body: object) =>
  ({
    body: { model, messages: [], ...body },
    deployment: { name: model, model: findModel(model) },
    timing: { ...seededRandom(1), below: () => 0 },
    startedAtMs: 0,
    receivedAtMs: 0,
    requestId: '',
    resource: { config: { azure: { frontEnd: 'new' }, contentFilter: { mode: 'default' } } },
    match: { operation: {} },
  }) as unknown as Call<ChatBody>

const filter = '{"hate":{"filtered":false,"severity":"safe"}}'

it.each([
  ['gpt-4o', {}],
  ['gpt-4o', { stream_options: { include_usage: true } }],
  ['gpt-4o', { stream_options: { include_obfuscation: false } }],
  ['gpt-4', {}],
])('what is put together once around each token says what a chunk says: %s %j', (model, body) => {
  const frame = chunkFrame(call(model, body), 'chatcmpl-1')
  const { before, after, end, length, pad } = frame.around(filter, [',"delta":{"content":', '},"index":0'])
  for (const token of ['"a"', '" word"', '"\\n"', '" quite a long one"']) {
    const hidden = pad ? pad(length + token.length, 13) : ''
    expect(before + token + after + hidden + end).toBe(frame.chunk(filter, `,"delta":{"content":${token}},"index":0`))
  }
})
