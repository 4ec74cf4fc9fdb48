/** What the load that was seen would need: tokens and requests per minute, and units of provisioned throughput. */
import { useState } from 'preact/hooks'
import type { CapacityNeed, CapacityReport } from '../sim/admin/capacity.ts'
import type { Api } from './api.ts'
import { amount, compactAmount, counted, durationText, timeOfDay } from './format.ts'
import { Pending } from './pending.tsx'
import { Cell, Table } from './table.tsx'
import { usePoll } from './use-poll.ts'

type Tokens = CapacityNeed['tokens']
type Peak = NonNullable<CapacityNeed['peakMinute']>

/** More at once nobody reads. */
const maxShown = 12

export function CapacityView({ api }: { readonly api: Api }) {
  const { value, problem } = usePoll<CapacityReport>(api, '/++/capacity', 10_000)
  const [wanted, setWanted] = useState('')
  if (!value) return <Pending problem={problem} />
  if (value.deployments.length === 0)
    return (
      <section aria-label="Capacity">
        <h2>Capacity</h2>
        <p class="note">
          No answered request is in the journal yet. Run a load test, and what it needs is worked out here.
        </p>
      </section>
    )
  const found = value.deployments
    .filter(({ deployment, model }) => `${deployment} ${model}`.toLowerCase().includes(wanted.toLowerCase()))
    .toSorted((a, b) =>
      value.deployments.length > maxShown ? b.requests - a.requests : a.deployment.localeCompare(b.deployment),
    )
  return (
    <>
      <p class="note">
        From the requests in the journal that were answered; what was refused is not known to have needed anything.
        Provisioned throughput may be used ahead for {durationText(value.burstMs)}.
      </p>
      {value.deployments.length > maxShown && (
        <form class="pick" onSubmit={(event) => event.preventDefault()}>
          <label>
            Find a deployment
            <input value={wanted} onInput={(event) => setWanted(event.currentTarget.value.trim())} />
          </label>
        </form>
      )}
      {found.slice(0, maxShown).map((need) => (
        <Deployment key={`${need.deployment} ${need.model}`} need={need} />
      ))}
      {found.length > maxShown && (
        <p class="note">
          The {maxShown} busiest of {counted(found.length, 'deployment')}. A part of a name finds the others.
        </p>
      )}
      {found.length === 0 && <p class="note">No deployment that was asked has this in its name.</p>}
    </>
  )
}

function Deployment({ need }: { readonly need: CapacityNeed }) {
  const { deployment, model, requests, tokens, peakMinute, peakSecond, standard, provisioned } = need
  return (
    <section aria-label={`Capacity of ${deployment}`}>
      <h2>
        {deployment} <span class="unit">{model}</span>
      </h2>
      <dl class="facts">
        <Fact name="Seen" value={`${counted(requests, 'request')}, ${tokensOf(tokens)}`} />
        <Fact name="Busiest minute" value={peakOf(peakMinute)} />
        <Fact name="Busiest second" value={peakOf(peakSecond)} />
        <Fact
          name="Standard deployment needs"
          value={`${amount(standard.tokensPerMinute)} tokens per minute, ${amount(standard.requestsPerMinute)} requests per minute`}
        />
      </dl>
      {provisioned.length === 0 ? (
        <p class="note">No provisioned throughput is offered for this model.</p>
      ) : (
        <Table label={`Provisioned throughput for ${deployment}`} columns={columns}>
          {provisioned.map((one) => (
            <tr key={one.sku}>
              <th scope="row">
                <span class="name">{one.sku}</span>
                <span class="unit block">
                  {compactAmount(one.inputTokensPerMinutePerPtu)} input tokens per minute a PTU
                </span>
              </th>
              <Cell of="For the busiest minute">
                {ptu(one.forPeakMinute)}
                <span class="unit block words">{one.forPeakMinute.arithmetic}</span>
              </Cell>
              <Cell of="Nothing refused">{ptu(one.withoutRefusals)}</Cell>
              <Cell of="1 % refused">{ptu(one.withOnePercentRefused)}</Cell>
              <Cell of="With spillover">
                {ptu(one.withSpillover)}
                <span class="unit block words">
                  {counted(one.withSpillover.spilledRequests, 'request')} to a standard deployment
                </span>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}

const columns = ['Provisioned as', 'For the busiest minute', 'Nothing refused', '1 % refused', 'With spillover']

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const ptu = ({ ptu: count }: { readonly ptu: number }) => `${amount(count)} PTU`

const tokensOf = ({ prompt, cached, completion }: Tokens) =>
  `${compactAmount(prompt)} tokens in${cached > 0 ? ` (${compactAmount(cached)} cached)` : ''}, ${compactAmount(completion)} out`

const peakOf = (peak: Peak | undefined) =>
  peak === undefined ? '–' : `${timeOfDay(peak.from)}: ${counted(peak.requests, 'request')}, ${tokensOf(peak.tokens)}`
