/**
 * One answer within a Realtime session, as an operation of its own, so that limits, rules, faults, latency and the journal apply.
 * Only sessions can call it; they turn its events into those of the API.
 */
import { resourceNotFound } from '../../errors.ts'
import type { Ask } from '../../answers/ask.ts'
import { type Choice, choiceTokens } from '../../answers/choice.ts'
import { drawChoices } from '../../answers/draw-choice.ts'
import { type Calling, type Offer, offerOf, type Tool } from '../../answers/offer.ts'
import { speechSeconds } from '../../answers/speech-length.ts'
import { soundTokensPerSecond } from '../../answers/speech-sounds.ts'
import { isOpenQuestion } from '../../answers/tool-choice.ts'
import { type ChatMessage, messageTexts, requestPromptTokens } from '../../measure/prompt-tokens.ts'
import type { Call, Generated, LiveResource, Operation } from '../../operation.ts'
import { hexText } from '../../random.ts'
import type { StreamEvent } from '../../types.ts'

export type RespondBody = {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly Tool[]
  readonly calling: Calling
  readonly maxTokens: number | undefined
  readonly isSpoken: boolean
  readonly heardTokens: number
  /** Tools that the service itself calls: each takes a while. */
  readonly own?: readonly string[]
}

/** The events for the session. */
export type ResponseStep =
  | { readonly type: 'text.delta'; readonly delta: string }
  | { readonly type: 'sound'; readonly fromMs: number; readonly toMs: number }
  | {
      readonly type: 'call'
      readonly id: string
      readonly name: string
      /** What a rule says that it gives. */
      readonly result?: string
      readonly error?: string
    }
  | { readonly type: 'arguments.delta'; readonly delta: string }
  | { readonly type: 'called'; readonly isCut?: true }
  | {
      readonly type: 'end'
      readonly finish: Choice['finishReason']
      readonly promptTokens: number
      readonly textTokens: number
      readonly soundTokens: number
    }

/** A secret that only sessions of the resource know, for `resource.shelf`. */
export const sessionWord = ({ random }: LiveResource): string => hexText(random, 32)
export const wordHeader = 'x-sim-session'

type Answer = Generated & { readonly choice: Choice; readonly soundMs: number }

/** The length of a piece of sound; some clients play as much at once. */
const pieceMs = 200
/** Tokens by which the transcript is ahead of the sound. */
const leadTokens = 2

/** About a second and a half, as in Responses: a guess. */
const ownCallTokens = 75

type Asked = Pick<Call<RespondBody>, 'body' | 'mcp'>

/** What a rule says of a tool of an MCP server. */
const ruledTool = ({ mcp }: Asked, name: string) =>
  mcp?.flatMap(({ tools }) => tools).find((tool) => tool.name === name)

/** The call of an MCP server's tool that a rule wants: once, for what the user said last. */
function ruledOffer(call: Asked): Offer | undefined {
  const { body, mcp } = call
  const named = mcp?.find(({ call: wanted }) => wanted !== undefined)?.call
  const isOpen = body.messages.at(-1)?.role !== 'tool' && !body.messages.at(-1)?.tool_calls
  const tool = isOpen && body.own?.includes(named ?? '') ? body.tools.find(({ name }) => name === named) : undefined
  return tool && { tools: [withRuledInput(tool, call)], mode: 'required', mayBeParallel: false }
}

/** With the arguments that a rule gives it. */
function withRuledInput(tool: Tool, call: Asked): Tool {
  const given = call.body.own?.includes(tool.name) ? ruledTool(call, tool.name)?.arguments : undefined
  return given ? { ...tool, parameters: { type: 'object', const: given } } : tool
}

export const realtimeRespond: Operation<RespondBody, Answer> = {
  scope: 'deployment',
  name: 'Realtime_Respond',
  label: 'realtime',
  method: 'POST',
  path: '/realtime/respond',
  routes: [{ surface: 'v1', template: '/openai/v1/realtime/respond' }],
  isInner: true,
  modelKind: 'realtime',
  defaultModel: 'gpt-realtime-mini',
  latency: 'chatCompletions',
  content: 'json',
  parse: (input, _, { headers, resource }) => {
    if (headers.get(wordHeader) !== resource.shelf(sessionWord)) throw resourceNotFound()
    return input as RespondBody
  },
  measure: ({ messages, tools, heardTokens, maxTokens }, model) => ({
    promptTokens:
      heardTokens +
      requestPromptTokens(
        {
          messages,
          ...(tools.length > 0 && {
            tools: tools.map(({ name, parameters }) => ({ type: 'function', function: { name, parameters } })),
          }),
        },
        model,
      ),
    promptCharacters: messageTexts(messages).reduce((sum, text) => sum + text.length, 0),
    maxTokens,
    choices: 1,
    countsTokens: true,
  }),
  isSaid: true,
  isStream: () => true,
  generate: (call, config) => {
    const { body, cost, deployment, random, timing, said } = call
    const { model } = deployment
    const ask: Ask = {
      model,
      promptTokens: cost.promptTokens,
      maxTokens: undefined,
      tokenLimit: body.maxTokens,
      stop: [],
      offer:
        ruledOffer(call) ??
        offerOf(
          body.tools.map((tool) => withRuledInput(tool, call)),
          body.calling,
        ),
      isOpenQuestion: isOpenQuestion(body.messages),
      format: undefined,
      effort: undefined,
      promptTexts: () => messageTexts(body.messages),
      isStream: true,
      alternatives: undefined,
      verbosity: 'low',
    }
    const choice = drawChoices(ask, 1, { config, random, timing, said }).choices[0] as Choice
    const soundMs = body.isSpoken && !choice.calls ? Math.ceil(speechSeconds(choice.text.text(), 1) * 1000) : 0
    const completionTokens = choiceTokens(choice) + Math.ceil((soundMs * soundTokensPerSecond) / 1000)
    return {
      choice,
      soundMs,
      usage: { promptTokens: cost.promptTokens, completionTokens },
      units: choiceTokens(choice),
    }
  },
  *events(asked, { choice, soundMs, usage }) {
    const event = (said: ResponseStep, tokens = 1): StreamEvent => ({
      tokens,
      data: `data: ${JSON.stringify(said)}\n\n`,
    })
    for (const call of choice.calls?.calls ?? []) {
      const { result, error } = ruledTool(asked, call.name) ?? {}
      const ruled = { ...(result !== undefined && { result }), ...(error !== undefined && { error }) }
      yield event({ type: 'call', id: call.id, name: call.name, ...ruled }, call.openingTokens)
      for (let at = 0; at < call.input.count; at++) yield event({ type: 'arguments.delta', delta: call.input.at(at) })
      const isCut = choice.finishReason === 'length' && call === choice.calls?.calls.at(-1)
      yield event({ type: 'called', ...(isCut && { isCut }) }, 0)
    }
    const { count } = choice.text
    let saidMs = 0
    for (let at = 0; !choice.calls && at < count + leadTokens; at++) {
      if (at < count) yield event({ type: 'text.delta', delta: choice.text.at(at) })
      const dueMs =
        at + 1 >= count + leadTokens ? soundMs : Math.floor((soundMs * Math.max(0, at + 1 - leadTokens)) / count)
      while (saidMs + pieceMs <= dueMs || (dueMs === soundMs && saidMs < soundMs)) {
        const toMs = Math.min(saidMs + pieceMs, soundMs)
        yield event({ type: 'sound', fromMs: saidMs, toMs })
        saidMs = toMs
      }
    }
    const ownCalls = choice.calls?.calls.filter(({ name }) => asked.body.own?.includes(name)) ?? []
    const soundTokens = Math.ceil((soundMs * soundTokensPerSecond) / 1000)
    const textTokens = usage.completionTokens - soundTokens
    yield event(
      { type: 'end', finish: choice.finishReason, promptTokens: usage.promptTokens, textTokens, soundTokens },
      ownCalls.length * ownCallTokens,
    )
  },
}
