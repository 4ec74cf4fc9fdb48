/**
 * Which model a deployment of model-router lets answer. Documented are the modes: of the models whose quality for a prompt
 * is within 2 % (balanced) or 6 % (cost) of the best, the cheapest; under quality the best. How good each is for a prompt is
 * not, and guessed: the harder the prompt, the more a small model falls behind.
 */
import { isObject } from '../base/object.ts'
import type { Deployment, Model, Routing } from '../types.ts'
import { findModel } from './catalogue.ts'

/** What a token costs in comparison, and by how much it falls behind with the hardest prompts. Guesses. */
const known: Readonly<Record<string, readonly [price: number, behind: number]>> = {
  'gpt-5-nano': [0.15, 0.3],
  'gpt-4.1-nano': [0.2, 0.4],
  'gpt-oss-120b': [0.25, 0.18],
  'gpt-4o-mini': [0.3, 0.3],
  'grok-4-fast-reasoning': [0.35, 0.1],
  'Llama-4-Maverick-17B-128E-Instruct-FP8': [0.5, 0.2],
  'DeepSeek-V3.2': [0.6, 0.08],
  'gpt-5-mini': [0.7, 0.06],
  'gpt-4.1-mini': [0.8, 0.15],
  'DeepSeek-V3.1': [0.9, 0.09],
  'o4-mini': [2, 0.055],
  'gpt-4.1': [3.5, 0.1],
  'gpt-5': [3.6, 0.01],
  'gpt-5-chat': [3.7, 0.06],
  'gpt-4o': [4, 0.13],
  'gpt-5.2': [4.8, 0],
  'gpt-5.2-chat': [4.9, 0.04],
}
/** Of a model that a subset names and the table does not. */
const other = [2, 0.05] as const

/** The models of its versions (Microsoft's page, 2026), but for those that have to be deployed by themselves. */
const first = ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'o4-mini']
const second = [...first, 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5-chat']
const newest = Object.keys(known)
const byVersion: Readonly<Record<string, readonly string[]>> = { '2025-05-19': first, '2025-08-07': second }

const bands = { balanced: 0.02, cost: 0.06, quality: 0 }

export const isRouter = ({ name }: Pick<Model, 'name'>): boolean => name === 'model-router'

/** The deployment as it answers this request: with the model that is chosen for it, which is the same whenever it comes. */
function routed(deployment: Deployment, input: unknown): Deployment {
  const name = chosen(deployment.model, deployment.routing, hardness(input))
  const made = remembered.get(deployment) ?? new Map<string, Deployment>()
  remembered.set(deployment, made)
  const before = made.get(name)
  if (before) return before
  const model = findModel(name) ?? deployment.model
  // Its limits are the router's own.
  const { requestsPerThousandTokens } = deployment.model
  const one = { ...deployment, model: { ...model, requestsPerThousandTokens }, isRouted: true } as const
  made.set(name, one)
  return one
}

export type RoutedInput = Readonly<Record<string, unknown>>
type Asked = { readonly deployment: Deployment; readonly input: Record<string, unknown> | undefined }

/** What a request to a router becomes, by what of it the chosen model takes. Another deployment's request is left as it is. */
export const routing =
  (fitted: (input: RoutedInput, model: Model) => Record<string, unknown>) =>
  (deployment: Deployment, input: Record<string, unknown> | undefined): Asked => {
    if (!isRouter(deployment.model)) return { deployment, input }
    const chosen = routed(deployment, input)
    return { deployment: chosen, input: input && fitted(input, chosen.model) }
  }

/** Some models take it, and not this one. What no model takes is refused as it is elsewhere. */
export const isLeftOut = (name: string, value: unknown, taken: readonly string[]): boolean =>
  typeof value === 'string' && takenBySome[name]?.includes(value) === true && !taken.includes(value)

const takenBySome: Readonly<Record<string, readonly string[]>> = {
  reasoning_effort: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
  verbosity: ['low', 'medium', 'high'],
  service_tier: ['flex', 'priority'],
}

const remembered = new WeakMap<Deployment, Map<string, Deployment>>()

/** `hardness` is from 0 to 1. */
function chosen({ version }: Model, routing: Routing = {}, hardness = 0): string {
  const { mode = 'balanced', models = byVersion[version] ?? newest } = routing
  const rated = models.map((name) => {
    const [price, behind] = known[findModel(name)?.name ?? name] ?? other
    return { name, price, quality: 1 - behind * hardness, behind }
  })
  if (mode === 'quality') return rated.reduce((best, each) => (each.behind < best.behind ? each : best)).name
  const best = Math.max(...rated.map(({ quality }) => quality))
  const good = rated.filter(({ quality }) => quality >= best * (1 - bands[mode]))
  return good.reduce((least, each) => (each.price < least.price ? each : least)).name
}

/** How hard a prompt is, as far as its text shows it: by its length and its words, and by what is asked for beside it. */
function hardness(input: unknown): number {
  if (!isObject(input)) return 0
  const text = textOf(input['messages'] ?? input['input'], maxCharacters)
  const length = Math.min(0.5, Math.max(0, Math.log10(Math.max(1, text.length) / 50) / 4))
  const { tools, reasoning_effort: effort = isObject(input['reasoning']) ? input['reasoning']['effort'] : undefined } =
    input
  const isTooled = Array.isArray(tools) && tools.length > 0
  const thought = effort === 'high' || effort === 'xhigh' ? 0.4 : effort === 'medium' ? 0.1 : 0
  const words = new Set(text.match(hardWords)?.map((word) => word.toLowerCase())).size
  return Math.min(1, length + thought + (isTooled ? 0.1 : 0) + Math.min(0.4, 0.2 * words))
}

const maxCharacters = 20_000
const hardWords =
  /\b(?:prove|proof|derive|theorem|step by step|analyze|algorithm|optimize|debug|refactor|trade-?offs?|design|why)\b|```/gi

function textOf(value: unknown, room: number): string {
  if (typeof value === 'string') return value.slice(0, room)
  if (Array.isArray(value)) {
    let text = ''
    for (const each of value) {
      if (text.length >= room) break
      text += `${textOf(each, room - text.length)}\n`
    }
    return text
  }
  return isObject(value) ? textOf(value['content'] ?? value['text'], room) : ''
}
