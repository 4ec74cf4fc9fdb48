// The AI SDK with an MCP server that the service asks: its tools are called, and what they gave is told.
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import assert from 'node:assert/strict'

const { SIM_URL, SIM_KEY } = process.env
const openai = createOpenAI({ apiKey: SIM_KEY, baseURL: `${SIM_URL}/openai/v1` })
const answer = await generateText({
  model: openai.responses('gpt-4.1'),
  prompt: 'Summarize the documentation.',
  tools: {
    docs: openai.tools.mcp({
      serverLabel: 'docs',
      serverUrl: 'https://docs.example.com/mcp',
      requireApproval: 'never',
    }),
  },
  maxRetries: 0,
})
assert.ok(answer.text.length > 0)
const call = answer.steps.flatMap(({ toolCalls }) => toolCalls).find(({ toolName }) => toolName.includes('fetch_docs'))
assert.ok(call, JSON.stringify(answer.steps.map(({ content }) => content)))
const results = answer.steps.flatMap(({ toolResults }) => toolResults)
assert.ok(JSON.stringify(results).includes('# Read me'), JSON.stringify(results))
console.log(JSON.stringify({ tool: call.toolName }))
