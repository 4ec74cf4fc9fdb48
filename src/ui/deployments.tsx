/** A row a deployment: what it did in the last minute, against its limits. */
import type { LiveRow, LiveSecond } from '../sim/metrics/live.ts'
import type { QuotaLimits } from './diagnosis.ts'
import { amount, compactAmount, durationText, percent } from './format.ts'
import { causeNames, causes, rowsOf, sumsOf, type TrafficSums, utilizationOf } from './seconds.ts'

type Props = {
  readonly names: readonly string[]
  readonly minute: readonly LiveSecond[]
  readonly limits: Readonly<Record<string, QuotaLimits>>
}

export function Deployments({ names, minute, limits }: Props) {
  if (names.length === 0) return null
  const all = names.map((name) => ({ name, rows: rowsOf(minute, name) }))
  const shows = {
    utilization: all.some(({ rows }) => utilizationOf(rows) !== undefined),
    spillover: all.some(({ rows }) => sumsOf(rows).spilled > 0),
  }
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
              {shows.utilization && <th scope="col">PTU in use</th>}
              <th scope="col">429</th>
              <th scope="col">Other errors</th>
              {shows.spillover && <th scope="col">Spillover</th>}
              <th scope="col">First token p50, p95, p99</th>
              <th scope="col">End p50, p95, p99</th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ name, rows }) => (
              <Row key={name} name={name} rows={rows} limits={limits[name] ?? {}} shows={shows} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

type RowProps = {
  readonly name: string
  readonly rows: readonly LiveRow[]
  readonly limits: QuotaLimits
  /** Columns that only some have something in. */
  readonly shows: { readonly utilization: boolean; readonly spillover: boolean }
}

function Row({ name, rows, limits, shows }: RowProps) {
  const sums = sumsOf(rows)
  const latest = rows.findLast(({ totalMs }) => totalMs !== undefined)
  const used = utilizationOf(rows)
  const model = rows.findLast((row) => row.model !== undefined)?.model
  return (
    <tr>
      <th scope="row">
        {name}
        {model !== undefined && model !== name && <span class="unit block">{model}</span>}
      </th>
      <td>
        <Share used={sums.requests} limit={limits.requestsPerMinute} unit="requests per minute" />
      </td>
      <td>
        <Share used={sums.prompt + sums.completion} limit={limits.tokensPerMinute} unit="tokens per minute" />
      </td>
      {shows.utilization && (
        <td>
          {used === undefined ? (
            '–'
          ) : (
            <>
              {percent(used)}
              <meter min={0} max={100} high={90} value={Math.min(100, used)} aria-label={`${percent(used)} in use`} />
            </>
          )}
        </td>
      )}
      <td class={sums.limited > 0 ? 'limited' : ''}>
        {amount(sums.limited)}
        <span class="unit block">{causesOf(sums)}</span>
      </td>
      <td class={sums.failed > 0 ? 'failed' : ''}>{amount(sums.failed + sums.refused)}</td>
      {shows.spillover && <td>{sums.spilled > 0 ? `${amount(sums.spilled)} taken over` : '–'}</td>}
      <td class="words">{latest?.firstByteMs ? latest.firstByteMs.map(durationText).join(', ') : '–'}</td>
      <td class="words">{latest?.totalMs ? latest.totalMs.map(durationText).join(', ') : '–'}</td>
    </tr>
  )
}

const causesOf = ({ limitedBy }: TrafficSums): string =>
  causes
    .filter((cause) => limitedBy[cause] > 0)
    .map((cause) => `${amount(limitedBy[cause])} by ${causeNames[cause]}`)
    .join(', ')

type ShareProps = { readonly used: number; readonly limit: number | undefined; readonly unit: string }

function Share({ used, limit, unit }: ShareProps) {
  if (limit === undefined) return <>{compactAmount(used)}</>
  return (
    <>
      {compactAmount(used)} of {compactAmount(limit)}
      <meter
        min={0}
        max={Math.max(1, limit)}
        high={0.9 * limit}
        value={Math.min(used, limit)}
        aria-label={`${amount(used)} of ${amount(limit)} ${unit}`}
      />
    </>
  )
}
