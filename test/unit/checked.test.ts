/** Values whose length cannot be compared: found by the fuzzer, where zod threw. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const odd = { length: { toString: 1, valueOf: 1 } }

it.each([
  ['/openai/v1/audio/speech', { model: 'tts', input: odd, voice: 'alloy' }],
  [
    '/openai/batches?api-version=2025-04-01-preview',
    { input_file_id: 'file-1', endpoint: odd, completion_window: '24h' },
  ],
  ['/openai/v1/chat/completions', { model: 'gpt-4o', messages: odd }],
  ['/openai/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: odd }] }],
  ['/openai/v1/responses', { model: 'gpt-4o', input: odd }],
  ['/anthropic/v1/messages', { model: 'claude-sonnet-4-5', max_tokens: 5, messages: odd }],
])('a length that is no number is a 400 at %s', async (path, body) => {
  expect((await testSimulator().post(path, body)).status).toBe(400)
})

it('and in settings', async () => {
  const change = {
    method: 'PATCH',
    body: JSON.stringify({ azure: { region: odd }, recording: { match: { ignore: odd } } }),
  }
  expect((await testSimulator().request('/++/settings', change)).status).toBe(400)
})
