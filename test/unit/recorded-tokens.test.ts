/**
 * Prompt tokens as the service counted them, of every recorded request that is told in full: Microsoft's own SDK tests,
 * 2024 to 2026. Those that need a text of others are asked where the recordings are; the fits stand here as well.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ChatMessage, type PromptBody, requestPromptTokens } from '../../src/sim/measure/prompt-tokens.ts'
import { findModel } from '../../src/sim/models/catalogue.ts'
import type { Model } from '../../src/sim/types.ts'
import { samplesFolder } from '../support/samples.ts'
import { testSimulator } from '../support/simulator.ts'

function model(name: string): Model {
  const found = findModel(name)
  if (!found) throw new Error(`no ${name}`)
  return found
}

const user = (content: string): ChatMessage => ({ role: 'user', content })
const turn = (asked: string, name: string, input: string, output: string): readonly ChatMessage[] => [
  user(asked),
  { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name, arguments: input } }] },
  { role: 'tool', tool_call_id: 'a', content: output },
]
const tool = (name: string, description: string, parameters: object) => ({
  type: 'function',
  name,
  description,
  parameters,
})
const text = { type: 'string' }

const food = tool('get_user_favorite_food', 'Gets the favorite food of the user', {})
const weather = tool('get_weather', 'Get the weather for a location', {
  properties: { location: text },
  required: ['location'],
  type: 'object',
})
const weatherAt = tool(
  'get_weather_at_location',
  'Gets the weather at a specified location, optionally specifying units for temperature',
  { type: 'object', properties: { location: text, unit: { ...text, enum: ['C', 'F', 'K'] } }, required: ['location'] },
)
const askedFood = "What's my favorite food?"
const askedWeather = "What's the weather in San Francisco?"
const askedWear = 'What should I wear for the weather in San Francisco, CA?'
const inCity = '{"location":"San Francisco"}'
const animals = {
  type: 'json_schema',
  json_schema: {
    name: 'data_list',
    schema: {
      type: 'object',
      properties: { animal_data_list: { type: 'array', items: text } },
      required: ['animal_data_list'],
      additionalProperties: false,
    },
  },
}

type Pair = readonly [what: string, model: string, body: PromptBody, recorded: number]

describe('the input tokens of Responses', () => {
  const pairs: readonly Pair[] = [
    ['a function of gpt-4o, January 2026', 'gpt-4o', { messages: [user(askedFood)], tools: [food] }, 41],
    ['its result', 'gpt-4o', { messages: turn(askedFood, food.name, '{}', 'pizza') }, 38],
    [
      'a function of gpt-4o-2024-08-06, May and November 2025',
      'gpt-4o-2024-08-06',
      { messages: [user(askedWeather)], tools: [weather] },
      45,
    ],
    [
      'its result',
      'gpt-4o-2024-08-06',
      { messages: turn(askedWeather, weather.name, inCity, '{"temperature": "72 degrees", "condition": "sunny"}') },
      52,
    ],
    ['a function of gpt-4o-mini, August 2025', 'gpt-4o-mini', { messages: [user(askedWear)], tools: [weatherAt] }, 74],
    [
      'its result',
      'gpt-4o-mini',
      {
        messages: turn(askedWear, weatherAt.name, '{"location":"San Francisco, CA"}', '22 celcius and windy'),
        tools: [weatherAt],
      },
      109,
    ],
    [
      'a function by its name, July 2025',
      'gpt-4o-mini',
      { messages: [user(askedWear)], tools: [weatherAt], tool_choice: { type: 'function', name: weatherAt.name } },
      85,
    ],
    [
      'a function of a model that thinks, February 2026',
      'gpt-5-mini',
      { messages: [user(askedFood)], tools: [food] },
      49,
    ],
    [
      'a schema, August 2025',
      'gpt-4o-mini',
      { messages: [user('Write a JSON document with a list of five animals')], response_format: animals },
      48,
    ],
    [
      'a computer, March 2025',
      'computer-use-preview',
      {
        messages: [
          {
            role: 'developer',
            content:
              'Call tools when the user asks to perform computer-related tasks like clicking interface elements.',
          },
          user('Click on the Save button.'),
        ],
        tools: [{ type: 'computer_use_preview', display_width: 1024, display_height: 768, environment: 'windows' }],
      },
      536,
    ],
    [
      'a search of the web, March 2026',
      'gpt-4o-mini',
      { messages: [user('What was a positive news story from today?')], tools: [{ type: 'web_search_preview' }] },
      7274,
    ],
  ]
  it.each(pairs)('of %s (%s)', (_, name, body, recorded) => {
    expect(requestPromptTokens({ ...body, isOfResponses: true }, model(name))).toBe(recorded)
  })

  it('of a picture alone are one more (February 2026)', () => {
    const messages = (...parts: object[]) => [{ role: 'user', content: parts as never }]
    const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    const counted = (body: readonly ChatMessage[]) =>
      requestPromptTokens({ messages: body, isOfResponses: true }, model('gpt-4o'))
    expect(counted(messages(picture)) - counted(messages(picture, { type: 'text', text: '' }))).toBe(1)
  })
})

describe('the prompt tokens of chat', () => {
  const future = (description: (what: string) => object) => ({
    type: 'function',
    function: {
      description:
        'requests the anticipated future temperature at a provided location to help inform advice about topics like choice of attire',
      name: 'get_future_temperature',
      parameters: {
        type: 'object',
        properties: {
          locationName: description('the name or brief description of a location for weather information'),
          date: description('the day, month, and year for which to retrieve weather information'),
        },
      },
    },
  })
  const tools = [future((description) => ({ type: 'string', description }))]
  const messages: readonly ChatMessage[] = [
    { role: 'system', content: 'You are a helpful assistant.' },
    user('What should I wear in Honolulu next Thursday?'),
  ]

  // Recorded April and July 2025 of gpt-4o-2024-08-06.
  it.each([
    ['none', 106],
    ['auto', 105],
    ['required', 105],
    [{ type: 'function', function: { name: 'get_future_temperature' } }, 115],
  ])('of a tool that may be called so: %j', (tool_choice, recorded) => {
    expect(requestPromptTokens({ messages, tools, tool_choice }, model('gpt-4o-2024-08-06'))).toBe(recorded)
  })

  it('of the result of a function leave its name out (February 2024)', () => {
    const history: readonly ChatMessage[] = [
      user("What's the weather like in Boston?"),
      {
        role: 'assistant',
        content: null,
        function_call: { name: 'get_current_weather', arguments: '{\n  "location": "Boston, MA"\n}' },
      },
      {
        role: 'function',
        name: 'get_current_weather',
        content: '{"location":"Boston, MA","temperature":"72","forecast":["sunny","windy"]}',
      },
    ]
    expect(requestPromptTokens({ messages: history }, model('gpt-35-turbo'))).toBe(61)
  })
})

type Usage = { readonly prompt_tokens?: number; readonly input_tokens?: number }
type Body = { readonly model?: string; readonly usage?: Usage; readonly sse?: readonly (string | Answer)[] }
type Answer = Body & { readonly response?: Body }
type Step = {
  readonly request: {
    readonly path: string
    readonly method?: string
    readonly body?: Readonly<Record<string, unknown>>
  }
  readonly response: { readonly status: number; readonly body?: Answer }
}

const folder = path.join(samplesFolder, 'azure-sdk')
const areThere = existsSync(folder)

const tokensOf = ({ prompt_tokens: prompt, input_tokens: input }: Usage = {}) => prompt ?? input
const answersOf = (body: Answer | undefined) =>
  [body, ...(body?.sse ?? [])].flatMap((one) => (typeof one === 'object' ? [one, one.response ?? {}] : []))
const usageOf = (body: Answer | undefined) => answersOf(body).findLast(({ usage }) => usage)?.usage
const known = (name: string | undefined) => (name !== undefined && findModel(name) ? name : undefined)
const dated: Readonly<Record<string, string>> = { 'gpt-4o-0806': 'gpt-4o-2024-08-06', 'gpt-4-0613': 'gpt-4-0613' }

/** What a request says of others before it, or what is not told in full, cannot be asked again. */
const isWhole = ({ request: { body, path: where }, response }: Step) => {
  const said = JSON.stringify(body ?? '…')
  const isOfKept = /"(?:previous_response_id|conversation|agent|agent_reference)":/.test(said)
  return response.status === 200 && !said.includes('…') && !isOfKept && !/threads|extensions/.test(where)
}

const recorded = (areThere ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const { steps } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { readonly steps: readonly Step[] }
    return steps.map((step, at) => ({ name: `${file.slice(0, -'.json'.length)} ${at}`, step }))
  })
  .filter(({ step }) => isWhole(step) && tokensOf(usageOf(step.response.body)))

/** What else was counted than what the request says, or why not; and how many more it was. */
const because = (why: string, ...names: readonly string[]) => names.map((name) => [name, why] as const)
const otherwise = new Map<string, string>([
  ...because('a text of the client’s own data that is not there', 'go-on-your-data 0', 'net-chat-chat-on-your-data 0'),
  ...because('a picture by its address', 'go-chat-vision-v1 0', 'js-chat-vision-2025-01 0'),
  ...because(
    'what was written, which is the model’s own: code, or what came as predicted',
    'v1-surface-code-interpreter-2026-01 0',
    'js-project-code-interpreter-2026-03 0',
    'go-chat-prediction 0',
    'net-chat-chat-predicted-output 0',
  ),
  ...because(
    'calls that are asked for, of retired models: one to two more for a reason that is not known',
    'go-chat-function-call-forced 0',
    'java-chat-tool-choice-named-2024-09 0',
    'java-chat-tool-choice-required-2024-09 0',
  ),
  ...because(
    'seventeen more in two answers of March 2025, for a reason that is not known',
    'java-responses-input-items-2025-03 0',
    'net-chat-responses-max-output-2025-03 0',
  ),
])

async function askAgain({ request: { path: where, body = {} }, response }: Step) {
  const named = /\/deployments\/([^/?]+)/.exec(where)?.[1] ?? String(body['model'])
  const told = answersOf(response.body).find(({ model: name }) => name)?.model
  const modelName = dated[named] ?? known(told) ?? known(named)
  if (modelName === undefined) return undefined
  const simulator = testSimulator({ deployments: { [named]: { model: modelName } } })
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await simulator.request(where, init)
  const said = await answer.text()
  const events = [...said.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Answer)
  return tokensOf(usageOf(events.length > 0 ? { sse: events } : (JSON.parse(said) as Answer)))
}

describe('the recorded prompt tokens of Microsoft’s SDK tests', () => {
  it.skipIf(!areThere)('are those of more than sixty requests (where the recordings are there)', () => {
    expect(recorded.length).toBeGreaterThan(60)
    expect([...otherwise.keys()].filter((name) => !recorded.some((one) => one.name === name))).toEqual([])
  })

  it.each(recorded.map(({ name, step }) => [name, step] as const))(
    'of %s come out the same, or it is known why not',
    async (name, step) => {
      const counted = await askAgain(step)
      if (counted === undefined) return
      const expected = tokensOf(usageOf(step.response.body))
      if (otherwise.has(name)) expect(counted).not.toBe(expected)
      else expect(counted).toBe(expected)
    },
  )
})
