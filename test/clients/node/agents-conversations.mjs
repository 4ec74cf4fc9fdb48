// An agent whose memory is a conversation of the service: OpenAIConversationsSession.
import assert from 'node:assert/strict'
import { Agent, OpenAIConversationsSession, run, setDefaultOpenAIClient, setTracingDisabled } from '@openai/agents'
import OpenAI from 'openai'

const { SIM_URL, SIM_KEY } = process.env
const client = new OpenAI({ apiKey: SIM_KEY, baseURL: `${SIM_URL}/openai/v1`, maxRetries: 0 })
setDefaultOpenAIClient(client)
setTracingDisabled(true)

const agent = new Agent({ name: 'Guide', instructions: 'Be brief.', model: 'gpt-4.1' })
const session = new OpenAIConversationsSession({ client })
const first = await run(agent, 'My name is Ada.', { session })
assert.equal(typeof first.finalOutput, 'string')
const second = await run(agent, 'What is my name?', { session })
assert.ok(second.finalOutput.length > 0)
const items = await session.getItems()
assert.equal(items.length, 4)
assert.deepEqual(
  items.map(({ role }) => role),
  ['user', 'assistant', 'user', 'assistant'],
)
// What was said before counts.
const [before, after] = [first, second].map(({ rawResponses }) => rawResponses[0].usage.inputTokens)
assert.ok(after > before, `${after} > ${before}`)
const id = await session.getSessionId()
assert.match(id, /^conv_/)
const listed = await client.conversations.items.list(id)
assert.equal(listed.data.length, 4)
await session.popItem()
assert.equal((await session.getItems()).length, 3)
await session.clearSession()
console.log(JSON.stringify({ id, items: items.length }))
