/** A row a deployment: what it did in the last minute, against its limits. */
import type { LiveSecond } from '../sim/metrics/live.ts'
import type { Limits } from './diagnosis.ts'
import { amount, compact, duration } from './format.ts'
import { rowsOf, sumOf } from './seconds.ts'

type Props = {
  readonly names: readonly string[]
  readonly minute: readonly LiveSecond[]
  readonly limits: Readonly<Record<string, Limits>>
}

export function Deployments({ names, minute, limits }: Props) {
  if (names.length === 0) return null
  return (
    <section aria-label="Deployments">
      <h2>Deployments, last minute</h2>
      <div class="wide" tabIndex={0} role="region" aria-label="Table of deployments">
        <table>
          <thead>
            <tr>
              <th scope="col">Deployment</th>
              <th scope="col">Requests</th>
              <th scope="col">Tokens</th>
              <th scope="col">429 by tokens</th>
              <th scope="col">429 by requests</th>
              <th scope="col">Other errors</th>
              <th scope="col">First byte, p95</th>
              <th scope="col">End, p95</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <Row key={name} name={name} minute={minute} limits={limits[name] ?? {}} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row({
  name,
  minute,
  limits,
}: {
  readonly name: string
  readonly minute: readonly LiveSecond[]
  readonly limits: Limits
}) {
  const rows = rowsOf(minute, name)
  const sums = sumOf(rows)
  const latest = rows.findLast(({ totalMs }) => totalMs !== undefined)
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <Share used={sums.requests} limit={limits.requestsPerMinute} unit="requests per minute" />
      </td>
      <td>
        <Share used={sums.prompt + sums.completion} limit={limits.tokensPerMinute} unit="tokens per minute" />
      </td>
      <td class={sums.limitedByTokens > 0 ? 'limited' : ''}>{amount(sums.limitedByTokens)}</td>
      <td class={sums.limitedByRequests > 0 ? 'limited' : ''}>{amount(sums.limitedByRequests)}</td>
      <td class={sums.failed > 0 ? 'failed' : ''}>{amount(sums.failed + sums.refused)}</td>
      <td>{latest?.firstByteMs ? duration(latest.firstByteMs[1]) : '–'}</td>
      <td>{latest?.totalMs ? duration(latest.totalMs[1]) : '–'}</td>
    </tr>
  )
}

function Share({
  used,
  limit,
  unit,
}: {
  readonly used: number
  readonly limit: number | undefined
  readonly unit: string
}) {
  if (limit === undefined) return <>{compact(used)}</>
  return (
    <>
      {compact(used)} of {compact(limit)}
      <meter
        min={0}
        max={Math.max(1, limit)}
        high={0.9 * limit}
        value={Math.min(used, limit)}
        aria-label={`${used} of ${limit} ${unit}`}
      />
    </>
  )
}
