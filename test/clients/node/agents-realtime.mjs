// A session of the Agents SDK by voice: speech in, a tool that is called, an answer aloud, an interruption.
import assert from 'node:assert/strict'
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents/realtime'
import { z } from 'zod'

const { SIM_URL, SIM_KEY } = process.env
const url = `${SIM_URL.replace('http', 'ws')}/openai/v1/realtime?model=gpt-realtime`

const asked = []
const weather = tool({
  name: 'weather',
  description: 'Tells the weather of a city.',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    asked.push(city)
    return `Sunny in ${city}.`
  },
})
const agent = new RealtimeAgent({ name: 'Guide', instructions: 'Be brief.', tools: [weather] })
const transport = new OpenAIRealtimeWebSocket({ useInsecureApiKey: true, url })
const session = new RealtimeSession(agent, { transport, model: 'gpt-realtime' })
const seen = []
const waiting = []
session.on('transport_event', (event) => {
  seen.push(event)
  for (const tell of waiting.splice(0)) tell()
})
const errors = []
session.on('error', (error) => errors.push(error))
let soundBytes = 0
session.on('audio', ({ data }) => (soundBytes += data.byteLength))
let interruptions = 0
session.on('audio_interrupted', () => interruptions++)

async function until(type, from = 0) {
  for (;;) {
    const found = seen.slice(from).find((event) => event.type === type)
    if (found) return found
    await new Promise((resolve) => waiting.push(resolve))
  }
}

/** So many milliseconds of a tone of 24 kHz. */
function tone(ms, loudness) {
  const samples = new Int16Array(ms * 24)
  for (let at = 0; at < samples.length; at++)
    samples[at] = Math.round(32_767 * loudness * Math.sin((2 * Math.PI * 200 * at) / 24_000))
  return samples.buffer
}

await session.connect({ apiKey: SIM_KEY, url })
await until('session.updated')
session.sendAudio(tone(600, 0.2))
session.sendAudio(tone(1_000, 0))
const first = await until('response.done')
assert.equal(first.response.status, 'completed')
let from = seen.length
if (asked.length > 0) {
  await until('response.done', from)
  from = seen.length
}
session.sendMessage('What is the weather like in Bergen? Call the tool.')
await until('response.done', from)
const { type, name } = seen.filter((event) => event.type === 'response.output_item.done').at(-1).item
if (type === 'function_call') {
  assert.equal(name, 'weather')
  // The SDK runs the tool and asks to go on by itself.
  await until('response.done', seen.length)
}
assert.ok(soundBytes > 0 || asked.length > 0)
from = seen.length
session.interrupt()
session.close()
assert.deepEqual(errors, [])
console.log(JSON.stringify({ asked: asked.length, soundBytes, history: session.history.length }))
process.exit(0)
