/** From what is asked to what is answered: calls of tools, JSON or a text, after as much thinking as the model does. */
import { step } from '../base/slices.ts'
import type { Config } from '../config/config.ts'
import type { Said } from '../extensions/define.ts'
import { drawShare, isSpent, newWork, type Work } from '../generators/json/work.ts'
import { lorem, noText, tokenText, type TokenText } from '../generators/text/lorem.ts'
import type { Random } from '../random.ts'
import { askedForm } from './asked/form.ts'
import type { AskedForm } from './asked/found.ts'
import type { Ask, Verbosity } from './ask.ts'
import { type Choice, choiceTokens, paidTokens } from './choice.ts'
import { completionText, cutAtStop, type Wish } from './completion-text.ts'
import { cutText } from './cut-text.ts'
import { filterChoice } from './filter-choice.ts'
import { groundedChoice } from './grounding.ts'
import { formContent, jsonContent } from './json-format.ts'
import { predictedChoice } from './predicted-choice.ts'
import { tellsThoughts } from '../models/abilities.ts'
import { planReasoning } from '../measure/reasoning.ts'
import { saidChoice } from './said-choice.ts'
import { spokenChoice } from './spoken-choice.ts'
import { callChoice, sameCalls } from './tool-calls.ts'

export type Draw = {
  readonly config: Pick<Config, 'generate' | 'contentFilter'>
  /** Draws what is said. */
  readonly random: Random
  /** Draws ids. */
  readonly timing: Random
  /** What an answer says, where somebody else chose it. */
  readonly said: Said | undefined
  /** A limit of tokens is a bound alone. */
  readonly isBound?: boolean
}

export type Choices = {
  readonly choices: readonly Choice[]
  /** Of all choices, thinking included. */
  readonly completionTokens: number
  /** Choices are made side by side: the answer is there when the longest is. */
  readonly longestTokens: number
}

export function drawChoices(asked: Ask, count: number, draw: Draw): Choices {
  const ask = draw.isBound ? bounded(asked) : asked
  const wish = wishOf(ask, draw)
  const choices: Choice[] = []
  let completionTokens = 0
  let longestTokens = 0
  const form = step(() => askedFormIn(ask, draw))
  // What is left of it is known from one slice to the next.
  const work = step(() => newWork(draw.config.generate.optional))
  const making: Making = { ...draw, work, count, form }
  for (let index = 0; index < count; index++) {
    const choice = step(() => {
      const make = () => {
        const drawn =
          again(choices, making) ??
          (ask.model.isReasoning ? thoughtChoice(ask, wish, making) : visibleChoice(ask, wish, making))
        return weigh(drawn, ask, draw)
      }
      const { contentFilter } = draw.config
      // To look for many patterns may take many slices.
      return contentFilter.rules.length === 0 ? make() : filterChoice(step(make), ask, contentFilter)
    })
    const tokens = choiceTokens(choice)
    choices.push(choice)
    completionTokens += paidTokens(choice)
    if (tokens > longestTokens) longestTokens = tokens
  }
  return { choices, completionTokens, longestTokens }
}

/** What goes along while the choices of one request are made. */
type Making = Draw & {
  /** What JSON may still cost. */
  readonly work: Work
  readonly count: number
  /** Of the answer, where its prompt asks for one in words. */
  readonly form: AskedForm | undefined
}

/** Where a schema took all the work that there is for it, further choices say what an earlier one does. */
function again(choices: readonly Choice[], { work, timing }: Making): Choice | undefined {
  const last = choices.at(-1)
  if (!last || !isSpent(work)) return undefined
  const { calls, text } = last
  if (calls) return { ...last, calls: sameCalls(calls, timing) }
  return text.count > maxRepeatedTokens ? { ...last, text: beginningOf(text), finishReason: 'length' } : last
}

/** Many choices of a long text are more than anybody reads. */
const maxRepeatedTokens = 2_000

const beginningOf = (text: TokenText) =>
  tokenText(Array.from({ length: maxRepeatedTokens }, (_, index) => text.at(index)))

/** A limit that an answer need not reach: its length is drawn as where there is none, and cut there. */
function bounded(ask: Ask): Ask {
  const { maxTokens, tokenLimit = Infinity } = ask
  return maxTokens === undefined ? ask : { ...ask, maxTokens: undefined, tokenLimit: Math.min(maxTokens, tokenLimit) }
}

/** Whether a limit of tokens is a bound alone, as the deployment's own setting says, or that for all. */
export const isBoundFor = ({ generate, deployments }: Pick<Config, 'generate' | 'deployments'>, deployment: string) =>
  (deployments[deployment]?.maxTokens ?? generate.maxTokens) === 'bound'

function wishOf(
  { model, promptTokens, maxTokens, tokenLimit = Infinity, stop, verbosity }: Ask,
  { config: { generate } }: Draw,
): Wish {
  return {
    maxTokens,
    roomTokens: Math.min(model.maxOutputTokens, model.contextWindowTokens - promptTokens, tokenLimit),
    stop,
    encoding: model.encoding,
    medianTokens: generate.medianTokens * (verbosity ? lengths[verbosity] : 1),
    sigma: generate.sigma,
  }
}

/** How many times as long as a medium one an answer is: a guess. */
const lengths: Readonly<Record<Verbosity, number>> = { low: 0.5, medium: 1, high: 2 }

function thoughtChoice(ask: Ask, wish: Wish, draw: Making): Choice {
  const { model, effort, tokenLimit } = ask
  const maxTokens = wish.maxTokens ?? (draw.isBound ? tokenLimit : undefined)
  const { reasoningTokens, toldTokens, visibleMaxTokens } = planReasoning({
    model,
    effort,
    maxTokens,
    random: draw.random,
  })
  if (reasoningTokens === 0) return visibleChoice(ask, wish, draw)
  const thought = {
    reasoningTokens,
    toldReasoningTokens: toldTokens,
    ...(tellsThoughts(model) && { thoughts: lorem(reasoningTokens, draw.random, true) }),
  }
  if (visibleMaxTokens !== undefined && visibleMaxTokens <= 0)
    return { text: noText, finishReason: 'length', ...thought }
  const rest = { ...wish, maxTokens: wish.maxTokens && visibleMaxTokens, roomTokens: wish.roomTokens - reasoningTokens }
  return { ...visibleChoice(ask, rest, draw), ...thought }
}

/** A schema of the request's own comes first, and a text that is chosen already takes no form. */
function askedFormIn(
  { formMessages, format, prediction, spoken, documents }: Ask,
  { said, config }: Draw,
): AskedForm | undefined {
  if (!formMessages || config.generate.promptSchemas === 'off' || format?.type === 'json_schema') return undefined
  if (said || prediction !== undefined || spoken || documents) return undefined
  return askedForm(formMessages, format?.type === 'json_object')
}

const weigh = (choice: Choice, { alternatives }: Ask, { random }: Draw): Choice =>
  alternatives === undefined || choice.calls
    ? choice
    : { ...choice, likelihood: { seed: random.uint32(), alternatives } }

function visibleChoice(ask: Ask, wish: Wish, draw: Making): Choice {
  const { offer, isOpenQuestion, format, model, prediction, spoken, documents } = ask
  const { random, timing, config, said, work, count, form } = draw
  const share = { tokenLimit: maxTokensOf(wish), count }
  if (said) return saidChoice(said, { model, wish, timing })
  if (offer && (offer.mode !== 'auto' || (isOpenQuestion && random.fraction() < config.generate.toolCallProbability)))
    return callChoice({ offer, model, tokenLimit: share.tokenLimit, random, timing, work, share })

  if (prediction !== undefined) return predictedChoice(prediction, wish, random)
  if (spoken) return spokenChoice(spoken, wish, random)
  if (documents) return groundedChoice(documents, wish, random)
  if (!format && !form) return completionText(wish, random)
  const content = step(() =>
    drawShare(work, share, () =>
      form ? formContent(form, random, work) : jsonContent(format ?? { type: 'json_object' }, random, work),
    ),
  )
  const { text, isCut } = cutText(content, share.tokenLimit, wish.encoding)
  return cutAtStop({ text, finishReason: isCut ? 'length' : 'stop' }, wish)
}

const maxTokensOf = ({ maxTokens = Infinity, roomTokens }: Wish) => Math.min(maxTokens, roomTokens)
