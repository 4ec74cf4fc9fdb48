/** What a report says in words. */
import type { HistoryRow, Mark, RunReport, Verdict } from '../../sim/index.ts'
import { lengthText, numberText, plural, shareText } from './html.ts'

/** What each mark is, where it passes, and where it does not. */
const titles: Readonly<Record<string, readonly [good: string, bad: string]>> = {
  retryAfterHonoured: ['Waits as long as it is told', 'Comes back before the wait that it was told'],
  waitsTooLong: ['Waits no longer than it must', 'Waits much longer than it was told'],
  retriesHopeless: ['Does not repeat what cannot succeed', 'Repeats what cannot succeed'],
  givesUp: ['Does not give up on what may pass', 'Gives up on what might have passed'],
  retryStorm: ['Tries a call a few times only', 'Tries one call too many times'],
  amplification: ['Makes few attempts of each call', 'Makes too many attempts of each call'],
  backOffGrows: ['Waits longer each time', 'Does not wait longer each time'],
  synchronisedRetries: ['Comes back at times of its own, not all at once', 'Comes back all at once'],
  layeredRetries: ['Repeats in one layer only', 'Repeats in several layers'],
  cutStreamAccepted: ['Notices that a stream was cut', 'Takes a stream that was cut for a whole one'],
  streamErrorMissed: ['Notices an error within a stream', 'Misses an error within a stream'],
  abandonedStreams: ['Reads streams to their end', 'Leaves streams before their end'],
  noReadTimeout: ['Does not wait for ever', 'Waits without end for a silent answer'],
  wastedTokens: ['Wastes no tokens', 'Throws away tokens that it has paid for'],
  maxTokens: ['Asks for no more tokens than it needs', 'Allows far more tokens than it uses'],
  cacheablePrefix: ['Begins its prompts alike, for the cache', 'Begins its prompts differently each time'],
  keepAlive: ['Keeps its connections', 'Makes a new connection again and again'],
  failover: ['Goes to another deployment where one refuses', 'Stays with a deployment that refuses'],
  ramp: ['Raises its load slowly', 'Raises its load too suddenly'],
  provisionedFirst: ['Uses what is paid for first', 'Pays for standard calls while paid units are idle'],
  identifiesItself: ['Says who it is', 'Does not say who it is'],
}

export function titleOf({ name, level }: Mark): string {
  const [good, bad] = titles[name] ?? [name, name]
  return level === 'fail' || level === 'warn' ? bad : good
}

const refusedOf = ({ totals }: HistoryRow) =>
  totals.limitedByTokens + totals.limitedByRequests + totals.limitedOtherwise

/** How long the run was. */
export const lengthOf = ({ inFlight, momentMs }: RunReport): number => inFlight.length * momentMs

export function sumOf(report: RunReport, value: (row: HistoryRow) => number): number {
  return report.rows.reduce((sum, row) => sum + value(row), 0)
}

/** What happened, in a few sentences; the first tells how much. */
export function summaryOf(report: RunReport): readonly string[] {
  const requests = sumOf(report, ({ totals }) => totals.requests)
  if (requests === 0) return ['No request has come since the start, or since the journal was emptied.']
  const ok = sumOf(report, ({ totals }) => totals.ok)
  const limited = sumOf(report, refusedOf)
  const failed = sumOf(report, ({ totals }) => totals.failed)
  const refused = sumOf(report, ({ totals }) => totals.refused)
  const left = sumOf(report, ({ totals }) => totals.left)
  const parts = [
    ok > 0 && `${shareText(ok / requests)} were answered`,
    limited > 0 && `${shareText(limited / requests)} were refused with 429`,
    refused > 0 && `${shareText(refused / requests)} were wrong (4xx)`,
    failed > 0 && `${shareText(failed / requests)} failed (5xx)`,
    left > 0 && `${shareText(left / requests)} were left by their client`,
  ].filter((part) => part !== false)
  return [
    `In ${lengthText(lengthOf(report))} ${plural(requests, 'request')} came: ${listed(parts)}.`,
    ...report.rows.flatMap((row) => causeOf(row, report)),
  ]
}

const listed = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

/** Which limits it was, where they refused a hundredth of a deployment's requests. */
function causeOf(row: HistoryRow, { limits, errors }: RunReport): readonly string[] {
  const { deployment, totals } = row
  const refused = refusedOf(row)
  if (refused < totals.requests / 100) return []
  const { tokensPerMinute, requestsPerMinute, provisionedUnits } =
    limits.find((each) => each.deployment === deployment) ?? {}
  const rule = errors.find((error) => error.status === 429 && error.rule !== undefined)?.rule
  const limitText = (value: number | undefined, unit: string) =>
    value === undefined ? `the limit of ${unit} per minute` : `the limit of ${numberText(value)} ${unit} per minute`
  const causes = [
    {
      count: totals.limitedByTokens,
      text:
        provisionedUnits === undefined
          ? limitText(tokensPerMinute, 'tokens')
          : `the provisioned throughput of ${numberText(provisionedUnits)} PTU`,
    },
    { count: totals.limitedByRequests, text: limitText(requestsPerMinute, 'requests') },
    {
      count: totals.limitedOtherwise,
      text: rule === undefined ? 'what is none of its limits' : `the rule “${rule}”`,
    },
  ]
  const known = causes
    .filter(({ count }) => count > refused / 50)
    .toSorted((one, other) => other.count - one.count)
    .map(({ count, text }) => (count === refused ? text : `${text} (${shareText(count / refused)})`))
  return [
    `${deployment === undefined ? 'What names no deployment' : `Deployment ${deployment}`} was refused by ${listed(known)}.`,
  ]
}

/** The verdict in a sentence. */
export function verdictText({ level, marks }: Verdict): string {
  const fails = marks.filter((mark) => mark.level === 'fail').length
  const warns = marks.filter((mark) => mark.level === 'warn').length
  if (level === 'fail')
    return `The client does ${plural(fails, 'thing')} wrong${warns > 0 ? `, and ${plural(warns, 'thing')} might be better` : ''}.`
  if (level === 'warn') return `The client does nothing wrong; ${plural(warns, 'thing')} might be better.`
  return level === 'pass'
    ? 'The client does nothing wrong, as far as was seen.'
    : 'Too little was seen to judge the client.'
}
