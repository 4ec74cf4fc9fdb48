/** Fixtures of aimock: what to look for, and what to answer; the first that fits is taken, as with rules. */
import type { JsonObject } from '../../sim/base/object.ts'
import { argumentsOf, type Found, type FoundRule, isJson, objectsIn, soughtText, textIn } from './found.ts'

export const isAimock = (value: unknown): boolean =>
  fixturesIn(value).some(({ match, response }) => isJson(match) && response !== undefined)

/** Of a file, or as a list by itself, as its control API takes them; or one alone. */
function fixturesIn(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return objectsIn(value)
  if (!isJson(value)) return []
  return Array.isArray(value.fixtures) ? objectsIn(value.fixtures) : isJson(value.match) ? [value] : []
}

export function fromAimock(value: unknown): Found {
  const rules: FoundRule[] = []
  const left: string[] = []
  for (const [at, fixture] of fixturesIn(value).entries()) {
    const missed: string[] = []
    const rule = ruleOf(fixture, missed)
    const place = `fixture ${at + 1}`
    if (missed.length > 0) left.push(`${place}: ${rule ? 'without' : 'left out:'} ${missed.join(', ')}`)
    if (rule) rules.push(rule)
  }
  return { rules, exchanges: [], left }
}

/** Undefined where nothing would be left of what it looks for, or of what it answers. */
function ruleOf({ match, response, ...options }: JsonObject, missed: string[]): FoundRule | undefined {
  const when = isJson(match) ? whenOf(match, missed) : {}
  const then = isJson(response) ? thenOf(response, missed) : undefined
  if (!then) missed.push('response')
  if (!when || !then) return undefined
  return { ...(Object.keys(when).length > 0 && { when }), then: { ...then, ...changesOf(options, missed) } }
}

function whenOf(match: JsonObject, missed: string[]): JsonObject | undefined {
  const when: Record<string, unknown> = {}
  const body: Record<string, unknown> = {}
  const tool: Record<string, unknown> = {}
  for (const [name, wanted] of Object.entries(match)) {
    const text = textIn(wanted)
    if ((name === 'userMessage' || name === 'inputText') && text !== undefined) {
      when['prompt'] = soughtText(text)
      if (name === 'inputText') when['operation'] = 'embeddings'
    } else if (name === 'systemMessage' && onlyText(wanted) !== undefined)
      when['system'] = soughtText(onlyText(wanted) ?? '')
    else if (name === 'model' && text !== undefined) when['model'] = text
    else if (name === 'toolName' && text !== undefined) body['tools'] = [{ function: { name: text } }]
    else if (name === 'toolCallId' && text !== undefined) tool['tool_call_id'] = text
    else if (name === 'hasToolResult' && wanted === true) tool['role'] = 'tool'
    else if (name === 'toolResultContains' && text !== undefined) {
      tool['role'] = 'tool'
      when['conversation'] = soughtText(text)
    } else if (name === 'responseFormat' && text !== undefined) body['response_format'] = { type: text }
    else if (name === 'sequenceIndex' && typeof wanted === 'number') when['call'] = wanted + 1
    // It counts answers, of which a round of tools has more than one; what else is looked for tells the round.
    else if (name === 'turnIndex' && typeof wanted === 'number') {
      if (ofRounds.some((each) => match[each] !== undefined)) missed.push('match.turnIndex')
      else when['turn'] = wanted + 1
    } else if (name === 'endpoint' && text !== undefined && endpoints[text]) when['operation'] = endpoints[text]
    // What it looks for is not to be answered where it was not looked for.
    else return void missed.push(`match.${name}`)
  }
  if (Object.keys(tool).length > 0) body['messages'] = [{ role: 'tool', ...tool }]
  return { ...when, ...(Object.keys(body).length > 0 && { body }) }
}

/** What fits the rounds of tools. */
const ofRounds = ['toolCallId', 'hasToolResult', 'toolResultContains']

/** A text, or a list of one. */
const onlyText = (value: unknown): string | undefined =>
  textIn(Array.isArray(value) && value.length === 1 ? value[0] : value)

const endpoints: Readonly<Record<string, string>> = {
  chat: 'chatCompletions',
  embedding: 'embeddings',
  image: 'imagesGenerations',
  speech: 'audioSpeech',
  transcription: 'audioTranscriptions',
  translation: 'audioTranslations',
  video: 'videos',
  realtime: 'realtimeRespond',
}

function thenOf(response: JsonObject, missed: string[]): JsonObject | undefined {
  const { blocks, error, status, refusal, finishReason, retryAfter, ...rest } = response
  const { content, toolCalls, ...others } = { ...rest, ...ofBlocks(blocks) }
  missed.push(...Object.keys(others).map((name) => `response.${name}`))
  if (finishReason !== undefined && finishReason !== 'stop' && finishReason !== 'tool_calls')
    missed.push('response.finishReason')
  if (isJson(error)) {
    const code = textIn(error.code) ?? textIn(error.type)
    return {
      error: {
        status: typeof status === 'number' && status >= 400 ? status : 500,
        ...(code !== undefined && { code }),
        ...(typeof error.message === 'string' && { message: error.message }),
      },
      ...(typeof retryAfter === 'number' && { retryAfter: `${retryAfter}s` }),
    }
  }
  const calls = objectsIn(toolCalls)
  if (calls.length > 0) {
    if (content !== undefined && content !== '') missed.push('response.content beside toolCalls')
    return { toolCalls: calls.map(({ name, arguments: given }) => ({ name, arguments: argumentsOf(given) })) }
  }
  if (typeof refusal === 'string') return { refusal }
  if (typeof content === 'string') return { text: content }
  return isJson(content) ? { json: content } : undefined
}

/** Texts and calls in the order in which they are sent; a rule has no order of its own. */
function ofBlocks(blocks: unknown): JsonObject {
  const list = objectsIn(blocks)
  const texts = list.flatMap(({ type, text }) => (type === 'text' ? (textIn(text) ?? []) : []))
  const calls = list.filter(({ type }) => type === 'toolCall')
  return { ...(texts.length > 0 && { content: texts.join('') }), ...(calls.length > 0 && { toolCalls: calls }) }
}

function changesOf(options: JsonObject, missed: string[]): JsonObject {
  const changes: Record<string, unknown> = {}
  const latency: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (name === 'latency' && typeof value === 'number') latency['interToken'] = `${value}ms`
    else if (name === 'truncateAfterChunks' && typeof value === 'number')
      Object.assign(changes, { fault: 'cut', after: { events: value } })
    else if (name === 'disconnectAfterMs' && typeof value === 'number')
      Object.assign(changes, { fault: 'cut', after: { time: `${value}ms` } })
    else if (name === 'streamingProfile' && isJson(value)) {
      const { ttft, tps, ...rest } = value
      if (typeof ttft === 'number') latency['timeToFirstToken'] = `${ttft}ms`
      if (typeof tps === 'number' && tps > 0) latency['interToken'] = `${Math.round(1_000_000 / tps) / 1000}ms`
      missed.push(...Object.keys(rest).map((key) => `streamingProfile.${key}`))
    } else missed.push(name)
  }
  return { ...changes, ...(Object.keys(latency).length > 0 && { latency }) }
}
