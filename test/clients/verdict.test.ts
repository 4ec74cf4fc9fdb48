/**
 * The verdict on clients as their makers give them, each with many calls at once, over real connections and in real time:
 * what does not pass of each is what the table in docs/verdict.md says.
 */
import { ChatOpenAI } from '@langchain/openai'
import { readFileSync } from 'node:fs'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isGoMissing, isJavaMissing, runGo, runJava, withGo, withJava } from '../support/other-clients.ts'
import { isPythonMissing, runScript, withPython } from '../support/python.ts'
import {
  easyQuestions,
  type Judging,
  questions,
  startJudging,
  streamedQuestions,
} from '../support/verdict-questions.ts'

type Environment = Readonly<Record<string, string>>
type Client = {
  readonly name: string
  readonly title: string
  readonly isMissing: boolean
  readonly run: (environment: Environment) => Promise<unknown>
}

const refused = () => undefined

async function askByNode({ VERDICT_ENDPOINT: endpoint = '', VERDICT_KEY: apiKey = '' }: Environment): Promise<void> {
  const client = new OpenAI({ apiKey, baseURL: `${endpoint}/openai/v1` })
  const params = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] })
  for (const question of easyQuestions) await client.chat.completions.create({ ...params(question), max_tokens: 5 })
  await Promise.all([
    ...questions.map((question) =>
      client.chat.completions.create({ ...params(question), max_tokens: 5 }).catch(refused),
    ),
    ...streamedQuestions.map(async (question) => {
      for await (const _ of await client.chat.completions.create({
        ...params(question),
        max_tokens: 20,
        stream: true,
      }));
    }),
  ])
}

async function askByLangChain({ VERDICT_ENDPOINT: endpoint = '', VERDICT_KEY: apiKey = '' }: Environment) {
  const model = (maxTokens: number) =>
    new ChatOpenAI({ apiKey, model: 'gpt-4o', maxTokens, configuration: { baseURL: `${endpoint}/openai/v1` } })
  const [short, longer] = [model(5), model(20)]
  for (const question of easyQuestions) await short.invoke(question)
  await Promise.all([
    ...questions.map((question) => short.invoke(question).catch(refused)),
    ...streamedQuestions.map(async (question) => {
      for await (const _ of await longer.stream(question));
    }),
  ])
}

const clients: readonly Client[] = [
  { name: 'openai-node', title: 'openai-node', isMissing: false, run: askByNode },
  { name: 'langchain-js', title: 'LangChain JS', isMissing: false, run: askByLangChain },
  {
    name: 'openai-python',
    title: withPython('openai-python'),
    isMissing: isPythonMissing,
    run: (environment) => runScript('ask_for_verdict', environment),
  },
  {
    name: 'openai-go',
    title: withGo('openai-go'),
    isMissing: isGoMissing,
    run: (environment) => runGo(environment, 'TestAskForVerdict'),
  },
  {
    name: 'openai-java',
    title: withJava('openai-java'),
    isMissing: isJavaMissing,
    run: (environment) => runJava('AskForVerdict', environment),
  },
]

/** Those that a slow machine does not change. */
const compared = [
  ...['retryAfterHonoured', 'retriesHopeless', 'givesUp', 'retryStorm', 'layeredRetries', 'cutStreamAccepted'],
  ...['wastedTokens', 'maxTokens', 'identifiesItself'],
]

const table = readFileSync(new URL('../../docs/verdict.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ')

describe('the verdict on', () => {
  let judging: Judging
  beforeAll(async () => {
    judging = await startJudging(clients.map(({ name }) => name))
  })
  afterAll(() => judging.stop())

  // Each waits nine seconds and does nothing: all at once take as long as one.
  describe.concurrent('clients', () => {
    for (const { name, title, isMissing, run } of clients)
      it.skipIf(isMissing)(title, { timeout: 300_000 }, async ({ expect: expected }) => {
        await run(judging.environment(name))
        const verdict = await judging.verdict(name)
        expected(verdict.calls).toBe(easyQuestions.length + questions.length + streamedQuestions.length)
        expected(verdict.ambiguous).toBe(0)
        for (const name of ['retryAfterHonoured', 'retriesHopeless', 'givesUp'])
          expected(verdict.marks.find((mark) => mark.name === name)?.level, name).not.toBe('unknown')
        const marks = verdict.marks
          .filter(({ name, level }) => compared.includes(name) && (level === 'warn' || level === 'fail'))
          .map(({ name, level }) => `\`${name}\`: ${level}`)
        const told = JSON.stringify(verdict.marks, null, 1)
        expected(table, told).toContain(`| \`${name}\` | ${marks.join(', ') || 'nothing'} |`)
      })
  })

  it('is asked about all that the table names', () => {
    for (const { name } of clients) expect(table).toContain(`| \`${name}\` | `)
  })
})
