/** Recorded exchanges with the Responses API, where they are there, each with a request that asks for such an answer. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { samplesFolder, samplesLike } from './samples.ts'

export type Recorded = {
  readonly name: string
  /** A response as JSON, or its stream. */
  readonly body: string
  readonly request: Readonly<Record<string, unknown>>
  /** The headers that were kept with it. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether the JSON is laid out as the service did that, and not by whoever kept it. */
  readonly isAsSent: boolean
  /** Whether the answer calls a tool; if not, it is because the model did not see fit. */
  readonly callsTool: boolean
}

type Response = Readonly<Record<string, unknown>> & {
  readonly output: readonly Readonly<Record<string, unknown>>[]
  readonly tools: readonly Readonly<Record<string, unknown>>[]
  readonly reasoning: { readonly effort: string | null; readonly summary: string | null }
}

export function recordedResponses(): readonly Recorded[] {
  const exchanges = samplesLike(/^responses-/).map(({ name, body, reqbody, headers }) => {
    const response = JSON.parse(body) as Response
    return {
      name,
      body,
      headers,
      isAsSent: true,
      request: asking(response, JSON.parse(reqbody) as object),
      callsTool: calls(response),
    }
  })
  return [...exchanges, ...bareResponses()]
}

/** Of these only the answers were kept: what was asked is read off them. */
function bareResponses(): readonly Recorded[] {
  const folder = path.join(samplesFolder, 'vercel-azure-responses')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => !file.includes('deepseek'))
    .flatMap((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8')
      const name = file.replace(/\.(json|chunks\.txt)$/, '')
      if (file.endsWith('.json')) return [bare(name, text, JSON.parse(text) as Response)]
      return streamsOf(text).map((events, index) => {
        const stream = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
        return bare(`${name}.stream.${index + 1}`, stream, events.at(-1)?.response as Response, true)
      })
    })
}

const bare = (name: string, body: string, response: Response, stream = false): Recorded => ({
  name,
  body,
  headers: {},
  isAsSent: stream,
  request: asking(response, { stream }),
  callsTool: calls(response),
})

type Event = { readonly type: string; readonly response?: Response }

/** One file may hold the streams of several responses, one after another. */
function streamsOf(text: string): readonly (readonly Event[])[] {
  const streams: Event[][] = []
  for (const line of text.split('\n').filter((found) => found !== '')) {
    const event = JSON.parse(line) as Event
    if (event.type === 'response.created') streams.push([])
    streams.at(-1)?.push(event)
  }
  return streams
}

const calls = ({ output }: Response) => output.some(({ type }) => String(type).endsWith('_call'))

/** A request whose answer tells the same back; whether the model thinks is not left to chance. */
function asking({ model, tools, reasoning, output, store, include }: Response, rest: object) {
  const thought = output.filter(({ type }) => type === 'reasoning')
  const effort = thought.length > 0 || reasoning.effort === null ? reasoning.effort : 'none'
  const included = [
    ...(thought.some(({ encrypted_content: content }) => content !== undefined) ? ['reasoning.encrypted_content'] : []),
    ...(output.some(({ results }) => Array.isArray(results)) ? ['file_search_call.results'] : []),
    ...(output.some(({ outputs }) => Array.isArray(outputs)) ? ['code_interpreter_call.outputs'] : []),
  ]
  return {
    input: 'Say hello.',
    ...rest,
    model,
    tools,
    store,
    ...((included.length > 0 || include !== undefined) && { include: included }),
    ...(effort !== null && { reasoning: { effort, summary: reasoning.summary ?? undefined } }),
  }
}
