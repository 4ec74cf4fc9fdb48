/** What Claude answers: its thinking where that was asked for, then a text or calls of tools. */
import { oneStep } from '../../base/slices.ts'
import type { Config } from '../../config/config.ts'
import { lorem, type TokenText } from '../../generators/text/lorem.ts'
import type { Call, Generated } from '../../operation.ts'
import { base62Text } from '../../random.ts'
import { claudeAsk } from './ask.ts'
import type { ClaudeBody } from './body.ts'
import { claudeUsage, type ClaudeUsage } from './cache.ts'
import { type Choice, visibleTokens } from '../../answers/choice.ts'
import { drawChoices } from '../../answers/draw-choice.ts'
import { planReasoning } from '../../measure/reasoning.ts'

export type Thought = {
  readonly text: TokenText
  readonly signature: string
  /** Only its signature is seen. */
  readonly isHidden: boolean
}

export type ClaudeAnswer = Generated & {
  readonly id: string
  readonly thought: Thought | undefined
  readonly choice: Choice
  readonly input: ClaudeUsage
}

export function claudeAnswer(call: Call<ClaudeBody>, config: Config): ClaudeAnswer {
  const { body, cost, random, timing, said } = call
  const thought = think(call)
  const thinkingTokens = thought?.text.count ?? 0
  const ask = claudeAsk(call, body.max_tokens - thinkingTokens)
  // Azure's content filter does not look at what Claude reads and says.
  const { choices } = drawChoices(ask, 1, {
    config: { ...config, contentFilter: unfiltered(config) },
    random,
    timing,
    said,
  })
  const [choice] = choices as readonly [Choice]
  const completionTokens = thinkingTokens + visibleTokens(choice)
  return {
    id: `msg_01${base62Text(timing, 22)}`,
    thought,
    choice,
    input: oneStep(() => claudeUsage(call)),
    usage: { promptTokens: cost.promptTokens, completionTokens },
    units: completionTokens,
  }
}

const unfiltered = ({ contentFilter }: Config) => ({ ...contentFilter, rules: [] })

function think({ body, deployment, random, timing }: Call<ClaudeBody>): Thought | undefined {
  const { thinking, output_config: output, max_tokens: tokenLimit } = body
  if (thinking?.type !== 'enabled' && thinking?.type !== 'adaptive') return undefined
  const maxTokens = thinking.type === 'enabled' ? thinking.budget_tokens : Math.floor(tokenLimit / 2)
  const effort = output?.effort === 'max' ? 'xhigh' : (output?.effort ?? 'medium')
  const model = { ...deployment.model, isReasoning: true }
  const { reasoningTokens } = planReasoning({ model, effort, maxTokens, random })
  if (reasoningTokens === 0) return undefined
  return {
    text: lorem(reasoningTokens, random, true),
    signature: `Er${base62Text(timing, 62)}==`,
    isHidden: thinking.display === 'omitted',
  }
}
