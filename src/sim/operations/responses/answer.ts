/** Makes a response: reasoning first, then text or calls. */
import { mapInSteps, oneStep } from '../../base/slices.ts'
import type { Config } from '../../config/config.ts'
import type { Call, Generated } from '../../operation.ts'
import type { Ask } from '../../answers/ask.ts'
import { cacheWriteTokensOf, cachedTokensOf } from '../../answers/cached-tokens.ts'
import { refuseManyAlternatives } from '../../answers/token-logprobs.ts'
import { type Choice, choiceTokens, type FinishReason } from '../../answers/choice.ts'
import { drawChoices, isBoundFor } from '../../answers/draw-choice.ts'
import { promptTexts } from '../../measure/prompt-tokens.ts'
import { isNamed } from '../../models/by-name.ts'
import { responsesAsk, promptOf, type ResponsesBody } from './ask.ts'
import { callItem } from './call-item.ts'
import { decide } from './decision.ts'
import { encryptedContent } from './encrypted.ts'
import { judgeResponsePrompt } from './filters.ts'
import { effortTold, isLatest, thinksInPassing } from './generation.ts'
import { refuseStores } from './hosted-file-search.ts'
import { approvedCalls, mcpCall, mcpLists, refuseApprovals } from './hosted-mcp.ts'
import type { HostedCall } from './hosted-item.ts'
import { useHosted } from './hosted.ts'
import { type IdMaker, idMaker, threadOf, withId } from './ids.ts'
import { messageItem } from './message-item.ts'
import { refusalItem } from './refusal-item.ts'
import type { OutputItem } from './output-item.ts'
import { reasoningItem, summaryText } from './reasoning-item.ts'
import type { ResponseRecord } from './record.ts'
import { withoutSignIns } from './tools.ts'

export type ResponsesAnswer = Generated & { readonly record: ResponseRecord }

export function makeResponse(call: Call<ResponsesBody>, config: Config): ResponsesAnswer {
  const { body, cost, deployment, random, timing } = call
  const { model } = deployment
  const createdAtSeconds = Math.floor(call.receivedAtMs / 1000)
  const newId = idMaker(timing, { createdAtSeconds, isStored: body.request.store !== false, thread: body.thread })
  const id = newId('resp')
  const ask = responsesAsk(body, cost, model)
  refuseStores(body.request.tools, call.resource)
  refuseApprovals(body)
  const prompt = judgeResponsePrompt(config.contentFilter, ask.promptTexts, body.promptCharacters)
  // A rule may say both: what the tool does, and what is said of it.
  const used = call.said && !call.hosted ? undefined : oneStep(() => useTool(call, ask, config, newId))
  const written = used?.writtenTokens ?? 0
  const rest = used ? { ...ask, offer: undefined, maxTokens: ask.maxTokens && ask.maxTokens - written } : ask
  const { choices } = drawChoices(rest, 1, {
    config,
    random,
    timing,
    said: call.said,
    isBound: isBoundFor(config, call.deployment.name),
  })
  const choice = choices[0] as Choice
  refuseManyAlternatives(choice.text.count, ask.alternatives, maxWeights)
  const texts = () => promptTexts(promptOf(body))
  const cachedTokens = cachedTokensOf(call, config, { texts, key: body.request.prompt_cache_key })
  const promptTokens = cost.promptTokens + (used?.readTokens ?? 0)
  const said = used?.endsTurn ? (choice.reasoningTokens ?? 0) : choiceTokens(choice)
  const usage = { promptTokens, completionTokens: said + written, cachedTokens }
  const record: ResponseRecord = {
    id,
    createdAtSeconds,
    deployment: deployment.isRouted ? deployment.model.servedName : deployment.name,
    ...(call.tier && { tier: call.tier }),
    model,
    request: withoutSignIns(body.request),
    conversationId: body.conversationId,
    agent: body.agent,
    tellsAgent: body.tellsAgent,
    input: mapInSteps(body.own, (item) => withId(item, newId)),
    items: [
      ...mcpLists(call, newId),
      ...thoughts(call, choice, newId),
      ...toolItems(used, choice, call, newId),
      ...outcome(call, choice, newId, used),
    ],
    incomplete: reasons[choice.finishReason],
    usage,
    details: {
      reasoningTokens: choice.toldReasoningTokens,
      cachedTokens,
      cacheWriteTokens: cacheWriteTokensOf(call, config, cachedTokens),
    },
    promptCharacters: body.promptCharacters,
    thoughtTokens: choice.reasoningTokens ?? 0,
    judged: { filter: config.contentFilter, prompt, answer: choice.verdict },
    completedAtSeconds: null,
    background: undefined,
  }
  const units = usage.completionTokens + (used?.waitTokens ?? 0)
  return { record, usage, units, hiddenTokens: choice.reasoningTokens ?? 0 }
}

/** Of likelihoods in one answer: a stream tells them five times. */
const maxWeights = 33_000

/** Uses one of the service's own tools, if the token limit leaves room for its call and an answer. */
function useTool(call: Call<ResponsesBody>, ask: Ask, config: Config, newId: IdMaker) {
  const { body, deployment, random, resource } = call
  const approved = approvedCalls(call, newId)
  if (approved) return approved
  // After a refused approval the model answers in text, and does not ask again.
  if (body.own.some(({ type }) => type === 'mcp_approval_response')) return undefined
  const { tool, plan, outcome: heard } = body.decision ?? decide(call, ask, config)
  if (!tool) return undefined
  if (plan) return mcpCall(plan, call, newId, heard)
  const question = ask.promptTexts().at(-1) ?? ''
  const used = useHosted({
    tool,
    request: body.request,
    items: [...body.before, ...body.own],
    question,
    model: deployment.model,
    newId,
    random,
    resource,
    ruled: call.hosted,
  })
  return used && used.writtenTokens < (ask.maxTokens ?? Infinity) ? used : undefined
}

function toolItems(
  used: HostedCall | undefined,
  choice: Choice,
  { deployment }: Call<ResponsesBody>,
  newId: IdMaker,
): OutputItem[] {
  if (!used) return []
  if (!used.isThoughtOver || !choice.reasoningTokens) return [used.item, ...(used.further ?? [])]
  const hasContent = isLatest(deployment.model)
  const again = { id: newId('rs'), tokens: 0, summary: undefined, encrypted: undefined, hasContent }
  return [used.item, reasoningItem(again)]
}

/** The reason of an incomplete response. */
const reasons: Readonly<Record<FinishReason, ResponseRecord['incomplete']>> = {
  stop: undefined,
  tool_calls: undefined,
  length: 'max_output_tokens',
  content_filter: 'content_filter',
}

function thoughts(call: Call<ResponsesBody>, choice: Choice, newId: IdMaker): OutputItem[] {
  const { body, deployment, random } = call
  const { model } = deployment
  const { reasoning, include } = body.request
  const tokens = choice.reasoningTokens ?? 0
  if (tokens === 0 && !(thinksInPassing(model) && effortTold(model, reasoning?.effort) !== 'none')) return []
  const isSummarized = isWorthTelling(tokens, call) && (reasoning?.summary ?? reasoning?.generate_summary) != null
  const isCarried = include?.includes('reasoning.encrypted_content') === true
  const id = newId('rs')
  return [
    reasoningItem({
      id,
      tokens,
      summary: isSummarized ? summaryText(random) : undefined,
      encrypted: isCarried ? carried(id, tokens, call) : undefined,
      hasContent: isLatest(model),
    }),
  ]
}

/**
 * Short reasoning of gpt-5.2 that was not stored often had no summary (recorded June 2026: 3 of 5). All others had one: two of
 * gpt-5.2 that were stored, two of gpt-5-mini that were not, one of o3-mini.
 */
const isWorthTelling = (tokens: number, { body, deployment, random }: Call<ResponsesBody>) =>
  tokens >= 256 ||
  (tokens > 0 && (body.request.store !== false || !isOfSilentThought(deployment.model) || random.fraction() < 0.4))

/** It is a guess that later models do the same as gpt-5.2. */
const isOfSilentThought = isNamed(/^gpt-5\.[2-9]/)

function carried(id: string, tokens: number, { resource, receivedAtMs, timing }: Call<ResponsesBody>): string {
  const { apiKey } = resource.config
  const making = { apiKey, nowSeconds: Math.floor(receivedAtMs / 1000), random: timing }
  return encryptedContent({ tokens, thread: threadOf(id) ?? '' }, making)
}

function outcome(
  { deployment }: Call<ResponsesBody>,
  choice: Choice,
  newId: IdMaker,
  used: HostedCall | undefined,
): OutputItem[] {
  if (used?.endsTurn) return []
  const { text, calls, finishReason, likelihood, isRefusal } = choice
  const lastStatus = reasons[finishReason] ? 'incomplete' : 'completed'
  if (calls) {
    const last = calls.calls.length - 1
    return calls.calls.map((made, index) =>
      callItem(newId(made.kind === 'custom' ? 'ctc' : 'fc'), made, index === last ? lastStatus : 'completed'),
    )
  }
  // Reasoning used up the token limit, so there is no text.
  if (text.count === 0 && finishReason === 'length') return []
  const phase = isLatest(deployment.model) ? ('final_answer' as const) : undefined
  const citations = used?.citations?.(text.text(), text.count) ?? []
  if (isRefusal) return [refusalItem({ id: newId('msg'), text, status: lastStatus, phase })]
  return [messageItem({ id: newId('msg'), text, status: lastStatus, phase, likelihood, citations })]
}
