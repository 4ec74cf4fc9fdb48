/** Every fault as the official SDKs for Node and Python meet it, over HTTP: what they make of each is the tables in `docs/faults.md`. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { AzureOpenAI } from 'openai'
import { afterAll, describe, expect, it } from 'vitest'
import { startNodeHost } from '../src/host/node.ts'
import { faultNames } from '../src/sim/config/fault-names.ts'
import { python } from './support/python.ts'
import { testSimulator } from './support/simulator.ts'
import { serverLimits } from './support/hosts.ts'

type Json = Record<string, unknown>

const said = 'One, two, three, four, fünf, sechs, seven, eight, nine and ten.'
const toolCalls = [{ name: 'refund', arguments: { order: 12345, reason: 'too late' } }]
const told = { order: 12345, reason: 'too late' }

/** What a rule says besides, so that the outcome is the same each time. */
const wishes: Record<(typeof faultNames)[number], Json> = {
  cut: { after: { tokens: 5 } },
  end: { after: { tokens: 5 } },
  stall: { after: { tokens: 5 }, for: '30ms' },
  errorEvent: { after: { tokens: 5 } },
  malformed: {},
  truncatedArguments: {},
  duplicate: { after: { tokens: 5 } },
  reorder: { after: { tokens: 5 } },
  splitCharacter: {},
  trickle: { every: '1ms', text: 'Hi.' },
  slowHeaders: { for: '30ms' },
  wrongType: {},
  noKeepAlive: {},
  refuse: {},
  close: { after: { tokens: 5 }, code: 1001 },
  expire: {},
}

const simulator = testSimulator()
const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
afterAll(() => host.stop())

const client = new AzureOpenAI({
  apiKey: 'test-key',
  endpoint: host.url,
  apiVersion: '2024-10-21',
  deployment: 'gpt-4o',
  maxRetries: 0,
})

async function setRule(then: Json): Promise<void> {
  const body = JSON.stringify([{ then }])
  const answer = await simulator.request('/++/rules', { method: 'PUT', body })
  expect(answer.status, await answer.clone().text()).toBe(200)
}

const question = { model: '', messages: [{ role: 'user' as const, content: 'Hello' }] }

type Got = { text: string; input: string; finish: string | null }

const nameOf = (error: unknown): string => (error instanceof Error ? error.constructor.name : String(error))

/** In words: what was got, and how it ended. */
function outcome({ text, input, finish }: Got, error: unknown, isOfCalls: boolean): string {
  const got = isOfCalls ? argumentsTold(input) : textTold(text)
  return `${got}, ${error === undefined ? (finish ?? 'no finish reason') : `throws ${nameOf(error)}`}`
}

function argumentsTold(input: string): string {
  if (input === '') return 'nothing'
  try {
    expect(JSON.parse(input)).toEqual(told)
    return 'the arguments'
  } catch {
    return 'arguments that are no JSON'
  }
}

function textTold(text: string): string {
  if (text === said || text === 'Hi.') return 'the text'
  if (text === '') return 'nothing'
  return said.startsWith(text) ? 'a part of the text' : 'another text'
}

async function streamed(isOfCalls: boolean): Promise<string> {
  const got: Got = { text: '', input: '', finish: null }
  try {
    for await (const { choices } of await client.chat.completions.create({ ...question, stream: true }))
      for (const { delta, finish_reason: finish } of choices) {
        got.text += delta.content ?? ''
        got.input += delta.tool_calls?.[0]?.function?.arguments ?? ''
        got.finish = finish ?? got.finish
      }
    return outcome(got, undefined, isOfCalls)
  } catch (error) {
    return outcome(got, error, isOfCalls)
  }
}

async function whole(isOfCalls: boolean): Promise<string> {
  const nothing: Got = { text: '', input: '', finish: null }
  try {
    const answer: unknown = await client.chat.completions.create(question)
    if (typeof answer === 'string') return 'a page in place of an answer'
    const [choice] = (answer as Awaited<ReturnType<typeof client.chat.completions.create>> & { choices: never[] })
      .choices as readonly {
      message: { content: string | null; tool_calls?: { function: { arguments: string } }[] }
      finish_reason: string
    }[]
    const input = choice?.message.tool_calls?.[0]?.function.arguments ?? ''
    const got = { text: choice?.message.content ?? '', input, finish: choice?.finish_reason ?? null }
    return outcome(got, undefined, isOfCalls)
  } catch (error) {
    return outcome(nothing, error, isOfCalls)
  }
}

const page = readFileSync(path.join(import.meta.dirname, '../docs/faults.md'), 'utf8')
const cells = (line: string) => line.split('|').map((cell) => cell.trim())
/** The rows of the table below a heading. */
const rowsBelow = (heading: string) => {
  const part = page.slice(page.indexOf(heading))
  return part.slice(0, part.indexOf('\n## ', 3)).split('\n').map(cells)
}

const ruleOf = (fault: (typeof faultNames)[number]): Json => ({
  ...(fault === 'truncatedArguments' ? { toolCalls } : { text: said }),
  fault,
  ...wishes[fault],
})

describe('what the official Node SDK makes of', () => {
  const rows = rowsBelow('## What the official Node SDK')
  it.each(faultNames)('%s', async (fault) => {
    const isOfCalls = fault === 'truncatedArguments'
    await setRule(ruleOf(fault))
    const row = [`\`${fault}\``, await streamed(isOfCalls), await whole(isOfCalls)]
    expect(rows.find((known) => known[1] === row[0] && known.length === 5)?.slice(1, 4)).toEqual(row)
    expect(simulator.errors).toEqual([])
  })
})

const hasOpenAi = spawnSync(python, ['-c', 'import openai']).status === 0
const ofPython = 'what the official Python SDK makes of them'
const named = hasOpenAi ? ofPython : `${ofPython} (skipped: no python3 has openai)`
if (!hasOpenAi) console.warn(named)

/** What `test/clients/python/faults.py` prints: of each fault its name, and what became of a stream and of a whole answer. */
function outcomesInPython(): Promise<readonly string[][]> {
  const child = spawn(python, ['-W', 'ignore', path.join(import.meta.dirname, 'clients/python/faults.py')], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PYTHONDONTWRITEBYTECODE: '1',
      AZURE_OPENAI_ENDPOINT: host.url,
      AZURE_OPENAI_API_KEY: 'test-key',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 100_000,
  })
  const rules = faultNames.map((fault) => [fault, { then: ruleOf(fault) }])
  child.stdin.end(JSON.stringify({ said, told, rules }))
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  return new Promise((resolve) => {
    child.on('close', () => {
      const lines = printed.split('\n').filter((line) => line !== '')
      resolve(lines.map((line) => JSON.parse(line) as string[]))
    })
  })
}

describe.skipIf(!hasOpenAi)(named, { timeout: 120_000 }, () => {
  it('is what its table says', async () => {
    const outcomes = await outcomesInPython()
    const rows = rowsBelow('## What the official Python SDK')
    const known = faultNames.map((fault) => rows.find((row) => row[1] === `\`${fault}\``)?.slice(1, 4))
    expect(outcomes.map(([fault, ...rest]) => [`\`${fault}\``, ...rest])).toEqual(known)
    expect(simulator.errors).toEqual([])
  })
})
