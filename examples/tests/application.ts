/** An application that is to be tested: it answers questions of customers, with a tool for refunds. */
import type OpenAI from 'openai'

const model = 'gpt-4o'
const parameters = { type: 'object', properties: { order: { type: 'integer' } }, required: ['order'] }
const tools = [{ type: 'function' as const, function: { name: 'refund', parameters } }]

/** The answer to a question, or which order is to be refunded. */
export async function answer(client: OpenAI, question: string): Promise<{ text: string } | { refund: number }> {
  const { choices } = await client.chat.completions.create({
    model,
    tools,
    messages: [
      { role: 'system', content: 'You are the help desk of a shop.' },
      { role: 'user', content: question },
    ],
  })
  const call = choices[0]?.message.tool_calls?.[0]
  if (call?.type !== 'function') return { text: choices[0]?.message.content ?? '' }
  const { order } = JSON.parse(call.function.arguments) as { order: number }
  return { refund: order }
}

/** What has come of an answer by its end, or by the moment at which it broke off. */
export async function streamed(client: OpenAI, question: string): Promise<{ text: string; isWhole: boolean }> {
  let text = ''
  try {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: 'user', content: question }],
    })
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
    return { text, isWhole: true }
  } catch {
    return { text, isWhole: false }
  }
}
