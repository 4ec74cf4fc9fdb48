/** `aoai-sim capacity`: what the load that a running simulator saw would have needed, with the arithmetic. */
import type { Command } from 'commander'
import { loadEnvironment } from '../host/environment.ts'
import type { CapacityReport } from '../sim/index.ts'
import type { Terminal } from './terminal.ts'

type Asked = {
  readonly url: string
  readonly key?: string
  readonly since?: string
  readonly until?: string
  readonly deployment?: string
  readonly json?: boolean
}

export function addCapacity(program: Command, terminal: Terminal): void {
  program
    .command('capacity')
    .description(
      'print how many PTU, and how many tokens per minute, the requests of a running simulator would have needed',
    )
    .option('--url <url>', 'address of the simulator', 'http://localhost:8000')
    .option('--key <key>', 'key of the simulator (default: SIMULATOR_API_KEY)')
    .option('--since <time>', 'only requests since this time, as 2026-01-31T12:00:00Z')
    .option('--until <time>', 'only requests before this time')
    .option('--deployment <name>', 'only this deployment')
    .option('--json', 'print the answer of GET /++/capacity as it is')
    .allowExcessArguments(false)
    .action(async (asked: Asked) => {
      const told = await ask(asked, terminal)
      if (asked.json) terminal.out(JSON.stringify(told, undefined, 2))
      else for (const line of linesOf(told)) terminal.out(line)
    })
}

type Tokens = CapacityReport['deployments'][number]['tokens']
type Peak = NonNullable<CapacityReport['deployments'][number]['peakMinute']>

async function ask({ url, key, since, until, deployment }: Asked, { cwd, env }: Terminal): Promise<CapacityReport> {
  const environment = loadEnvironment({ ...(cwd && { cwd }), ...(env && { env }) })
  const address = new URL('/++/capacity', url)
  for (const [name, value] of Object.entries({ since, until, deployment }))
    if (value !== undefined) address.searchParams.set(name, value)
  const answer = await fetch(address, { headers: { 'api-key': key ?? environment['SIMULATOR_API_KEY'] ?? '' } }).catch(
    (error: unknown) => {
      throw new Error(`${address.origin} does not answer: is the simulator started?`, { cause: error })
    },
  )
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${address.origin} answered ${answer.status}: ${text.trim()}`)
  return JSON.parse(text) as CapacityReport
}

function linesOf({ burstMs, deployments }: CapacityReport): readonly string[] {
  if (deployments.length === 0) return ['The journal has no request that was answered.']
  return [
    ...deployments.flatMap((each) => [
      `${each.deployment} (${each.model}): ${each.requests} requests, ${tokensText(each.tokens)}`,
      ...peakLine('peak minute', each.peakMinute),
      ...peakLine('peak second', each.peakSecond),
      `  standard: ${each.standard.tokensPerMinute} tokens and ${each.standard.requestsPerMinute} requests per minute`,
      ...each.provisioned.flatMap((units) => [
        `  ${units.sku}:`,
        `    ${units.forPeakMinute.ptu} PTU for the peak minute: ${units.forPeakMinute.arithmetic}`,
        `    ${units.withoutRefusals.ptu} PTU for no 429 at all, ${units.withOnePercentRefused.ptu} for 1 %`,
        `    ${units.withSpillover.ptu} PTU with spillover of ${units.withSpillover.spilledRequests} requests: ${units.withSpillover.arithmetic}`,
      ]),
      ...(each.provisioned.length === 0 ? ['  not to be had with provisioned throughput, as far as is known'] : []),
    ]),
    `Bursts may be ${burstMs / 1000} s of the whole rate (provisioned.burst).`,
  ]
}

const peakLine = (name: string, peak: Peak | undefined): readonly string[] =>
  peak ? [`  ${name} from ${peak.from}: ${peak.requests} requests, ${tokensText(peak.tokens)}`] : []

const tokensText = ({ prompt, cached, completion }: Tokens): string =>
  `tokens in ${prompt} (cached ${cached}), out ${completion}`
