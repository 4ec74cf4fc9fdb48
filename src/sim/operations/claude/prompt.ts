/**
 * A prompt for Claude in the order in which it is read and cached: tools, system, messages. Anthropic publishes no
 * tokenizer, so texts are counted with the nearest of Azure OpenAI's; what stands around them is a guess.
 */
import { countTokens } from '../../models/tokenizer.ts'
import type { Model } from '../../types.ts'
import type { ClaudeBlock, CountBody } from './body.ts'
import { dataUrlSize } from '../../measure/image-size.ts'

export type PromptSegment = {
  readonly text: string
  /** Beside those of its text. */
  readonly otherTokens: number
  /** What is read up to here is to be cached, and for how long. */
  readonly breakpoint: '5m' | '1h' | undefined
  /** Whether the text is words of the conversation. */
  readonly isSaid: boolean
}

type CacheControl = CountBody['cache_control']

export function* segmentsOf({ tools = [], system, messages }: CountBody): Generator<PromptSegment> {
  for (const { cache_control: control, ...tool } of tools) yield segment(JSON.stringify(tool), control, 0, false)
  if (typeof system === 'string') yield segment(system, undefined, messageTokens)
  else for (const { text, cache_control: control } of system ?? []) yield segment(text, control)
  for (const { role, content } of messages) {
    yield segment(role, undefined, messageTokens, false)
    if (typeof content === 'string') yield segment(content)
    else for (const block of content) yield ofBlock(block)
  }
}

export function claudePromptTokens(body: CountBody, model: Model): number {
  let tokens = body.tools?.length ? toolsTokens(body.tool_choice?.type) : 0
  for (const { text, otherTokens } of segmentsOf(body)) tokens += countTokens(text, model.encoding) + otherTokens
  return tokens
}

export function claudePromptCharacters(body: CountBody): number {
  let characters = 0
  for (const { text } of segmentsOf(body)) characters += text.length
  return characters
}

export const segmentTokens = ({ text, otherTokens }: PromptSegment, model: Model) =>
  countTokens(text, model.encoding) + otherTokens

/** For each message, and for the system prompt. */
const messageTokens = 3

/** The system prompt that comes with tools (Anthropic's page on tool use, Claude 4 models). */
const toolsTokens = (choice: string | undefined) => (choice === 'any' || choice === 'tool' ? 313 : 346)

const segment = (text: string, control?: CacheControl, otherTokens = 0, isSaid = true): PromptSegment => ({
  text,
  otherTokens,
  breakpoint: control ? (control.ttl ?? '5m') : undefined,
  isSaid,
})

function ofBlock(block: ClaudeBlock): PromptSegment {
  const { type, cache_control: control } = block
  switch (type) {
    case 'text':
      return segment(block.text ?? '', control)
    case 'image':
      return segment('', control, imageTokens(block.source))
    case 'document':
      return segment(
        block.source?.type === 'text' ? (block.source.data ?? '') : '',
        control,
        documentTokens(block.source),
      )
    case 'tool_use':
      return segment(`${block.name ?? ''}${JSON.stringify(block.input ?? {})}`, control, messageTokens, false)
    case 'tool_result':
      return ofResult(block)
    // What was thought in earlier turns is not read again (documented).
    case 'thinking':
    case 'redacted_thinking':
      return segment('', control)
    default:
      return segment(JSON.stringify(block), control, 0, false)
  }
}

function ofResult({ content, cache_control: control }: ClaudeBlock): PromptSegment {
  if (!Array.isArray(content)) return segment(typeof content === 'string' ? content : '', control, messageTokens)
  let text = ''
  let otherTokens = messageTokens
  for (const inner of content) {
    text += inner.text ?? ''
    if (inner.type === 'image') otherTokens += imageTokens(inner.source)
  }
  return segment(text, control, otherTokens)
}

type Source = ClaudeBlock['source']

/** Width times height by 750, of a picture that is first made to fit 1568 pixels (Anthropic's page on vision). */
function imageTokens(source: Source): number {
  const data = source?.data
  const url = data === undefined ? '' : `data:image/x;base64,${data}`
  const { width, height } = dataUrlSize(url) ?? unseen
  const scale = Math.min(1, longestEdge / Math.max(width, height))
  return Math.min(maxImageTokens, Math.ceil((width * scale * height * scale) / 750))
}

const longestEdge = 1_568
const maxImageTokens = 1_600
/** A guess at what people link to. */
const unseen = { width: 1_024, height: 1_024 }

/** A page has 1,500 to 3,000 tokens (Anthropic's page on PDF); that it has 50 KB is a guess. */
function documentTokens(source: Source): number {
  if (source?.type === 'text') return 0
  const pages = Math.max(1, Math.round(((source?.data?.length ?? 0) * 0.75) / 50_000))
  return pages * 2_000
}
