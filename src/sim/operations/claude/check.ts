/** What Claude's API refuses of a body that fits its schema. Texts as users quote them (2024-2026). */
import { claudeInvalid } from '../../errors/claude.ts'
import type { Cost, Model } from '../../types.ts'
import type { ClaudeBlock, ClaudeBody, CountBody } from './body.ts'

export function refuseLengths({ max_tokens: asked }: ClaudeBody, { promptTokens }: Cost, model: Model): void {
  const { maxOutputTokens, contextWindowTokens, servedName } = model
  if (asked > maxOutputTokens)
    throw claudeInvalid(
      `max_tokens: ${asked} > ${maxOutputTokens}, which is the maximum allowed number of output tokens for ${servedName}`,
    )
  if (promptTokens > contextWindowTokens)
    throw claudeInvalid(`prompt is too long: ${promptTokens} tokens > ${contextWindowTokens} maximum`)
  if (promptTokens + asked > contextWindowTokens)
    throw claudeInvalid(
      `input length and \`max_tokens\` exceed context limit: ${promptTokens} + ${asked} > ${contextWindowTokens}, decrease input length or \`max_tokens\` and try again`,
    )
}

export function refuseThinking({ thinking, tool_choice: choice, max_tokens: asked }: ClaudeBody): void {
  if (thinking?.type === 'enabled' && thinking.budget_tokens >= asked)
    throw claudeInvalid('`max_tokens` must be greater than `thinking.budget_tokens`.')
  const isThinking = thinking?.type === 'enabled' || thinking?.type === 'adaptive'
  if (isThinking && (choice?.type === 'any' || choice?.type === 'tool'))
    throw claudeInvalid('Thinking may not be enabled when tool_choice forces tool use.')
}

export function refuseClaudeTools({ tools = [], tool_choice: choice }: CountBody): void {
  const names = new Set<string>()
  for (const [index, { name, type, input_schema: schema }] of tools.entries()) {
    if (names.has(name)) throw claudeInvalid('tools: Tool names must be unique.')
    names.add(name)
    // The service's own tools have a type, and bring their schema.
    if ((type == null || type === 'custom') && !schema)
      throw claudeInvalid(`tools.${index}.custom.input_schema: Field required`)
  }
  if (choice?.type === 'tool' && !names.has(choice.name))
    throw claudeInvalid(`tool_choice: Tool '${choice.name}' not found in provided tools`)
  if ((choice?.type === 'any' || choice?.type === 'auto') && tools.length === 0)
    throw claudeInvalid(`tool_choice.${choice.type}: tools must be provided when tool_choice is set`)
}

/** Places up to which a prompt is to be cached. Text as users quote it (2024-2025). */
export function refuseMarks(body: CountBody): void {
  const { tools = [], system, messages } = body
  let marks = (body.cache_control ? 1 : 0) + marksIn(tools) + marksIn(system)
  for (const { content } of messages) marks += marksIn(content)
  if (marks <= maxMarks) return
  throw claudeInvalid(`A maximum of ${maxMarks} blocks with cache_control may be provided. Found ${marks}.`)
}
const maxMarks = 4

function marksIn(blocks: string | readonly { readonly cache_control?: unknown }[] | undefined): number {
  let marks = 0
  if (typeof blocks === 'object') for (const { cache_control: mark } of blocks) if (mark) marks++
  return marks
}

export function refuseClaudeMessages({ messages }: CountBody): void {
  for (const [index, { role, content }] of messages.entries()) {
    const isLast = index === messages.length - 1
    // An answer that is to be continued may still be empty.
    if (content.length === 0 && !(isLast && role === 'assistant'))
      throw claudeInvalid(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
      )
    if (typeof content === 'string') continue
    if (content.some(({ type, text }) => type === 'text' && text === ''))
      throw claudeInvalid('messages: text content blocks must be non-empty')
    refuseResults(content, messages[index - 1]?.content, index)
    const open = isLast ? [] : unanswered(content, messages[index + 1]?.content)
    if (open.length > 0)
      throw claudeInvalid(
        `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      )
  }
}

/** What 2026-10-21 takes no more (Anthropic's page on that version; the words are a guess). */
export function refuseRemoved({ messages }: CountBody): void {
  for (const [index, { role, content }] of messages.entries()) {
    if (typeof content === 'string') continue
    for (const [at, block] of content.entries()) {
      const place = `messages.${index}.content.${at}`
      if (role === 'assistant' && block.type === 'document')
        throw claudeInvalid(`${place}: \`document\` blocks are not permitted in \`assistant\` messages`)
      if (role === 'user' && Array.isArray(block['citations']) && block['citations'].length > 0)
        throw claudeInvalid(`${place}.citations: citations are not permitted in \`user\` messages`)
    }
  }
}

type Content = ClaudeBody['messages'][number]['content'] | undefined

function refuseResults(content: readonly ClaudeBlock[], before: Content, index: number): void {
  const called = blocksOf(before, 'tool_use').map(({ id }) => id)
  for (const [at, { type, tool_use_id: id }] of content.entries())
    if (type === 'tool_result' && !called.includes(id))
      throw claudeInvalid(
        `messages.${index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id ?? ''}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      )
}

function unanswered(content: readonly ClaudeBlock[], after: Content): readonly string[] {
  const results = blocksOf(after, 'tool_result').map(({ tool_use_id: id }) => id)
  return blocksOf(content, 'tool_use')
    .map(({ id = '' }) => id)
    .filter((id) => !results.includes(id))
}

const blocksOf = (content: Content | readonly ClaudeBlock[], type: string): readonly ClaudeBlock[] =>
  content === undefined || typeof content === 'string' ? [] : content.filter((block) => block.type === type)
