/** How many tokens a chat prompt is, by formulas that were checked against recorded answers of the service. */
import { countTokens } from '../models/tokenizer.ts'
import type { Model } from '../types.ts'
import { audioTokens } from './audio-length.ts'
import type { ImageSize } from './image-size.ts'
import { pdfFacts } from './pdf.ts'
import { imageTokens } from './image-tokens.ts'
import {
  jsonOf,
  type NamedCall,
  namedCallTokens,
  responseFormatTokens,
  toolTokens,
  type ToolRequest,
} from './tool-tokens.ts'
import { isObject } from '../base/object.ts'

export type ChatMessage = {
  readonly role: string
  readonly content?: string | null | readonly ContentPart[] | undefined
  readonly name?: string | null | undefined
  readonly tool_calls?: readonly ChatToolCall[] | null | undefined
  readonly tool_call_id?: unknown
  readonly function_call?: unknown
}

export type ContentPart = {
  readonly type: string
  readonly text?: unknown
  readonly refusal?: unknown
  readonly image_url?: unknown
  readonly input_audio?: unknown
  readonly file?: unknown
}

export type ChatToolCall = {
  readonly id?: unknown
  readonly function?: { readonly name: string; readonly arguments: string } | undefined
  readonly custom?: unknown
}

/** What of a request counts as its prompt. */
export type PromptBody = Omit<ToolRequest, 'hasSystem' | 'tool_choice'> &
  NamedCall & {
    readonly messages: readonly ChatMessage[]
    readonly response_format?: unknown
  }

/**
 * Messages, tools and the schema of the answer together. `unseen` is the size of a picture that only a URL is known
 * of.
 */
export function requestPromptTokens(body: PromptBody, model: Model, unseen?: ImageSize): number {
  const isOfResponses = body.isOfResponses === true
  let tokens = chatPromptTokens(body.messages, model, { unseen, isOfResponses })
  if (body.tools || body.functions) tokens += functionTokens(body, model)
  tokens += namedCallTokens(body, model)
  if (body.response_format) tokens += responseFormatTokens(body.response_format, model, isOfResponses)
  return tokens
}

/** The tools' share of a prompt, which the error for a prompt that is too long tells apart. */
export function functionTokens({ messages, ...rest }: PromptBody, model: Model): number {
  const { tools, functions } = rest
  if (!tools?.length && !functions?.length) return 0
  const hasSystem = messages.some(({ role }) => role === 'system' || role === 'developer')
  return toolTokens({ ...rest, hasSystem }, model)
}

/**
 * What each message costs beyond its texts, and what the whole does. A call costs its name and its arguments and what
 * stands here; its result costs the function's name once more. The calls' figures solve all recordings of single and
 * of three parallel calls (2026); for gpt-5 others would, too.
 */
const overheads = {
  'gpt-35-0301': { perMessage: 4, countsRole: true, whole: 3, firstCall: 5, laterCall: 9 },
  'gpt-4': { perMessage: 3, countsRole: true, whole: 3, firstCall: 5, laterCall: 9 },
  // One user message is its text and six; how that splits over several is fitted, not known.
  // Recorded of one, two and three messages (o1, o3-mini, computer-use, 2025); what calls cost is taken over.
  'o-series': { perMessage: 4, countsRole: false, whole: 2, firstCall: 5, laterCall: 9 },
  'gpt-5': { perMessage: 4, countsRole: false, whole: 2, firstCall: 12, laterCall: 7 },
} as const

type Reading = { readonly unseen: ImageSize | undefined; readonly isOfResponses: boolean }

/** What is counted of one message after the other. */
type Counting = Reading & {
  readonly model: Model
  /** The function of each call so far, by the call's id. */
  called: Map<unknown, string> | undefined
}

/**
 * Here as below what is done of each message is a function of its own: V8 may make code of an inner loop alone, and then
 * throws it away with each turn of the outer one.
 */
function chatPromptTokens(messages: readonly ChatMessage[], model: Model, reading: Reading): number {
  const counting: Counting = { ...reading, model, called: undefined }
  let tokens: number = overheads[model.promptFormat].whole
  for (const message of messages) tokens += messageTokens(message, counting)
  return tokens
}

function messageTokens(message: ChatMessage, counting: Counting): number {
  const { model, unseen, isOfResponses, called } = counting
  const { perMessage, countsRole, firstCall, laterCall } = overheads[model.promptFormat]
  const count = (text: string) => countTokens(text, model.encoding)
  const { content, name, tool_calls: toolCalls } = message
  let tokens = perMessage + (countsRole ? count(message.role) : 0)
  if (typeof content === 'string') tokens += count(content)
  else if (content) {
    for (const part of content) tokens += partTokens(part, model, unseen)
    // Recorded February 2026, of gpt-4o.
    if (isOfResponses && content.length > 0 && content.every(isPicture)) tokens++
  }
  // A function's result is named by its role (recorded February 2024).
  if (name != null && message.role !== 'function') tokens += count(name) + 1
  if (message.role === 'tool') tokens += count(called?.get(message.tool_call_id) ?? '')
  if (!toolCalls && message.function_call === undefined) return tokens

  // One more in Responses (recorded August 2025 to January 2026, of gpt-4o and gpt-4o-mini).
  let overhead: number = firstCall + (isOfResponses ? 1 : 0)
  for (const { id, name: callee, input } of callsOf(message)) {
    tokens += overhead + count(callee) + count(input)
    overhead = laterCall
    counting.called ??= new Map()
    counting.called.set(id, callee)
  }
  return tokens
}

const isPicture = ({ image_url: image }: ContentPart) => image !== undefined

function partTokens(part: ContentPart, model: Model, unseen: ImageSize | undefined): number {
  const text = textOf(part)
  if (text !== undefined) return countTokens(text, model.encoding)
  if (isObject(part.image_url)) {
    const { url, detail } = part.image_url
    return typeof url === 'string' ? imageTokens({ url, detail, unseen }, model) : 0
  }
  return isObject(part.file) ? fileTokens(part.file['file_data'], model) : partAudioTokens(part)
}

/** A picture of each page, and its text (documented); how large the pictures are, and what a page has whose text is not known, is a guess. */
function fileTokens(data: unknown, model: Model): number {
  const facts = pdfFacts(data)
  if (!facts) return 0
  const page = imageTokens({ url: '', unseen: pageSize }, model)
  return countTokens(facts.text, model.encoding) + facts.pages * page + facts.unknownPages * usualPageTokens
}

const pageSize: ImageSize = { width: 1_224, height: 1_584 }
const usualPageTokens = 500

/** The share of a prompt that is sound, which the usage tells apart. */
export function promptAudioTokens(messages: readonly ChatMessage[]): number {
  let tokens = 0
  for (const message of messages) for (const part of partsOf(message)) tokens += partAudioTokens(part)
  return tokens
}

const partAudioTokens = ({ input_audio: audio }: ContentPart): number =>
  isObject(audio) && typeof audio.data === 'string' ? audioTokens(audio.data) : 0

export function chatPromptCharacters(messages: readonly ChatMessage[]): number {
  let characters = 0
  for (const message of messages) characters += messageCharacters(message)
  return characters
}

function messageCharacters({ content }: ChatMessage): number {
  if (typeof content === 'string') return content.length
  let characters = 0
  for (const part of content ?? []) characters += textOf(part)?.length ?? 0
  return characters
}

/** Neither an earlier answer nor a tool's result says what an answer is to look like. */
export const asksForms = ({ role }: ChatMessage): boolean =>
  role === 'user' || role === 'system' || role === 'developer'

/** All texts of a conversation. */
export function messageTexts(messages: readonly ChatMessage[]): readonly string[] {
  const texts: string[] = []
  for (const message of messages) addTexts(message, texts)
  return texts
}

/** What a prompt's prefix is told by, in the order in which the model reads it: tools, then each message's texts. */
export function promptTexts({ messages, tools, functions }: PromptBody): string[] {
  const texts: string[] = []
  for (const tool of [...(tools ?? []), ...(functions ?? [])]) texts.push(jsonOf(tool))
  for (const message of messages) addPromptTexts(message, texts)
  return texts
}

function addPromptTexts(message: ChatMessage, texts: string[]): void {
  texts.push(message.role)
  addTexts(message, texts)
  for (const { name, input } of callsOf(message)) texts.push(name, input)
  if (message.content && typeof message.content !== 'string')
    for (const { image_url: image } of message.content) if (image !== undefined) texts.push(jsonOf(image))
}

type CallText = { readonly id: unknown; readonly name: string; readonly input: string }

function callsOf({ tool_calls: calls, function_call: legacy }: ChatMessage): CallText[] {
  const texts: CallText[] = []
  for (const { id, function: called, custom } of calls ?? [])
    if (called) texts.push({ id, name: called.name, input: called.arguments })
    else if (isObject(custom)) texts.push({ id, name: stringOf(custom.name), input: stringOf(custom.input) })
  if (isObject(legacy)) texts.push({ id: undefined, name: stringOf(legacy.name), input: stringOf(legacy.arguments) })
  return texts
}

export function contentTexts(message: ChatMessage): readonly string[] {
  const texts: string[] = []
  addTexts(message, texts)
  return texts
}

function addTexts({ content }: ChatMessage, texts: string[]): void {
  if (typeof content === 'string') texts.push(content)
  else if (content)
    for (const part of content) {
      const text = textOf(part)
      if (text !== undefined) texts.push(text)
    }
}

export const partsOf = ({ content }: ChatMessage): readonly ContentPart[] =>
  content && typeof content !== 'string' ? content : []

const textOf = ({ text, refusal }: ContentPart): string | undefined =>
  typeof text === 'string' ? text : typeof refusal === 'string' ? refusal : undefined

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')
