/** A row a deployment: what it did in the last minute, against its limits. */
import type { LiveRow, LiveSecond } from '../sim/metrics/live.ts'
import type { QuotaLimits } from './diagnosis.ts'
import { amount, compactAmount, durationText, percent } from './format.ts'
import { Cell, Table } from './table.tsx'
import { causeNames, causes, rowsOf, sumsOf, type TrafficSums, utilizationOf } from './seconds.ts'

type Props = {
  readonly names: readonly string[]
  readonly minute: readonly LiveSecond[]
  readonly limits: Readonly<Record<string, QuotaLimits>>
}

export function Deployments({ names, minute, limits }: Props) {
  if (names.length === 0) return null
  const all = worstFirst(names.map((name) => ({ name, rows: rowsOf(minute, name) })))
  const shows = {
    utilization: all.some(({ rows }) => utilizationOf(rows) !== undefined),
    spillover: all.some(({ rows }) => sumsOf(rows).spilled > 0),
  }
  const columns = [
    ...['Deployment', 'Requests', 'Tokens'],
    ...(shows.utilization ? ['PTU in use'] : []),
    ...['429', 'Other errors'],
    ...(shows.spillover ? ['Spillover'] : []),
    ...['First token p50, p95, p99', 'End p50, p95, p99'],
  ]
  return (
    <section aria-label="Deployments">
      <h2>Deployments, last minute</h2>
      <Table label="Table of deployments" columns={columns}>
        {all.map(({ name, rows }) => (
          <Row key={name} name={name} rows={rows} limits={limits[name] ?? {}} shows={shows} />
        ))}
      </Table>
      {names.length > all.length && (
        <p class="note">
          The {all.length} of {amount(names.length)} that were refused or asked most.
        </p>
      )}
    </section>
  )
}

type Named = { readonly name: string; readonly rows: readonly LiveRow[] }

const maxShown = 25

/** In the order of their names; of many those that were refused most, then those that were asked most. */
function worstFirst(all: readonly Named[]): readonly Named[] {
  if (all.length <= maxShown) return all
  const weighed = all.map((one) => ({ one, sums: sumsOf(one.rows) }))
  const troubles = ({ limited, failed, refused }: TrafficSums) => limited + failed + refused
  return weighed
    .sort((a, b) => troubles(b.sums) - troubles(a.sums) || b.sums.requests - a.sums.requests)
    .slice(0, maxShown)
    .map(({ one }) => one)
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
      <Cell of="Requests">
        <Share used={sums.requests} limit={limits.requestsPerMinute} unit="requests per minute" />
      </Cell>
      <Cell of="Tokens">
        <Share used={sums.prompt + sums.completion} limit={limits.tokensPerMinute} unit="tokens per minute" />
      </Cell>
      {shows.utilization && (
        <Cell of="PTU in use">
          {used === undefined ? (
            '–'
          ) : (
            <>
              {percent(used)}
              <meter min={0} max={100} high={90} value={Math.min(100, used)} aria-label={`${percent(used)} in use`} />
            </>
          )}
        </Cell>
      )}
      <Cell of="429" class={sums.limited > 0 ? 'limited' : ''}>
        {amount(sums.limited)}
        <span class="unit block words">{causesOf(sums)}</span>
      </Cell>
      <Cell of="Other errors" class={sums.failed > 0 ? 'failed' : ''}>
        {amount(sums.failed + sums.refused)}
      </Cell>
      {shows.spillover && <Cell of="Spillover">{sums.spilled > 0 ? `${amount(sums.spilled)} taken over` : '–'}</Cell>}
      <Cell of="First token p50, p95, p99" class="words">
        {latest?.firstByteMs ? latest.firstByteMs.map(unbroken).join(', ') : '–'}
      </Cell>
      <Cell of="End p50, p95, p99" class="words">
        {latest?.totalMs ? latest.totalMs.map(unbroken).join(', ') : '–'}
      </Cell>
    </tr>
  )
}

/** With its unit on the same line. */
const unbroken = (ms: number) => durationText(ms).replaceAll(' ', '\u00a0')

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
