/** Requests per second: the simulator and the bare server in turn, so that both see the same neighbours. */
import { request as httpRequest } from 'node:http'
import type { Answer, Answers } from './bare.ts'
import { apiKey, type Case } from './cases.ts'
import type { ThroughputOutcome } from './load-throughput.ts'
import type { Load, Server } from './processes.ts'
import { prompt } from './prompts.ts'
import { digits, known, median, medianOf, megabytes, micros, print } from './report.ts'

export type Rounds = { readonly rounds: number; readonly warmUpMs: number; readonly measuredMs: number }

type Servers = { readonly ours: Server; readonly bare: Server; readonly load: Load }

type Names = { readonly ours: string; readonly bare: string; readonly title?: string }
const usualNames: Names = { ours: 'ours', bare: 'bare' }

/** Prints the median of the rounds' ratios. `names` where the two are not what they are mostly. */
export async function measureThroughput(
  subject: Case,
  { ours, bare, load }: Servers,
  rounds: Rounds,
  names = usualNames,
): Promise<void> {
  const run = async (server: Server) => {
    return (await load.run(jobOf(subject, server, rounds))) as ThroughputOutcome
  }
  const pairs: { ours: ThroughputOutcome; bare: ThroughputOutcome }[] = []
  for (let round = 0; round < rounds.rounds; round++) pairs.push({ ours: await run(ours), bare: await run(bare) })

  const ratios = pairs.map((pair) => pair.ours.requestsPerSecond / pair.bare.requestsPerSecond)
  const ratio = median(ratios)
  const cpu = medianOf(
    pairs,
    (pair) => pair.ours.cpuMicros && pair.bare.cpuMicros && known(pair.bare.cpuMicros / pair.ours.cpuMicros),
  )
  const told = (name: 'ours' | 'bare') => {
    const outcomes = pairs.map((pair) => pair[name])
    return (
      `${names[name]} ${digits(median(outcomes.map(({ requestsPerSecond }) => requestsPerSecond)), 0)}/s, ` +
      `${micros(medianOf(outcomes, ({ cpuMicros }) => cpuMicros))} CPU, ${megabytes(outcomes.at(-1)?.residentBytes)}`
    )
  }
  print({
    title: names.title ?? subject.title,
    target: `>= ${subject.targetRatio.toFixed(2)}`,
    reached: digits(ratio, 2),
    isMet: ratio === undefined ? undefined : ratio >= subject.targetRatio,
    details:
      `${told('ours')}; ${told('bare')}; by CPU ${digits(cpu, 2)}; ` +
      `rounds ${ratios.map((value) => digits(value, 2)).join(' ')}`,
  })
}

/** One round of a case at a server. */
export const jobOf = ({ title }: Case, { port, pid, processorPort }: Server, rounds: Omit<Rounds, 'rounds'>) =>
  ({ kind: 'throughput', title, port, pid, processorPort, ...rounds }) as const

/** What the simulator answers, for the bare server to send. Throws where an answer is not what is to be measured. */
export async function capture(port: number, cases: readonly Case[]): Promise<Answers> {
  const answers: Record<string, Answer> = {}
  for (const { path, body, group } of cases) {
    const isStream = group === 'stream'
    const { status, headers, text } = await post(port, path, body(prompt(0)))
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${text}`)
    const tokens = /"completion_tokens":\s*(\d+)/.exec(text)?.[1]
    if (group === 'chat' && tokens !== '100') throw new Error(`${path} has ${tokens ?? 'no'} tokens, not 100`)
    const events = text.split(/(?<=\n\n)/)
    // A prompt-filter event, a role, 100 tokens, a finish and `[DONE]`.
    if (isStream && events.length !== 104) throw new Error(`${path} has ${events.length} events, not 104`)
    answers[isStream ? `${path} stream` : path] = { headers, body: isStream ? events : text }
  }
  return answers
}

/** Of the headers those that node does not set by itself. */
function post(port: number, path: string, body: object): Promise<{ status: number; headers: string[]; text: string }> {
  const text = JSON.stringify(body)
  const headers = { 'api-key': apiKey, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, path, method: 'POST', headers, agent: false },
      (incoming) => {
        const pieces: Buffer[] = []
        incoming.on('data', (piece: Buffer) => pieces.push(piece))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const kept: string[] = []
          for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
            const [name = '', value = ''] = incoming.rawHeaders.slice(at, at + 2)
            if (!/^(date|connection|keep-alive|transfer-encoding)$/i.test(name)) kept.push(name, value)
          }
          resolve({ status: incoming.statusCode ?? 0, headers: kept, text: Buffer.concat(pieces).toString('utf8') })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}
