/** What the load that was seen would need: tokens and requests per minute, and units of provisioned throughput. */
import type { CapacityNeed, CapacityReport } from '../sim/admin/capacity.ts'
import type { Api } from './api.ts'
import { amount, compactAmount, counted, durationText, timeOfDay } from './format.ts'
import { Pending } from './pending.tsx'
import { usePoll } from './use-poll.ts'

type Tokens = CapacityNeed['tokens']
type Peak = NonNullable<CapacityNeed['peakMinute']>

export function CapacityView({ api }: { readonly api: Api }) {
  const { value, problem } = usePoll<CapacityReport>(api, '/++/capacity', 10_000)
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
  return (
    <>
      <p class="note">
        From the requests in the journal that were answered; what was refused is not known to have needed anything.
        Provisioned throughput may be used ahead for {durationText(value.burstMs)}.
      </p>
      {value.deployments
        .toSorted((a, b) => a.deployment.localeCompare(b.deployment))
        .map((need) => (
          <Deployment key={`${need.deployment} ${need.model}`} need={need} />
        ))}
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
        <div class="wide" tabIndex={0} role="region" aria-label={`Provisioned throughput for ${deployment}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Provisioned as</th>
                <th scope="col">For the busiest minute</th>
                <th scope="col">Nothing refused</th>
                <th scope="col">1 % refused</th>
                <th scope="col">With spillover</th>
              </tr>
            </thead>
            <tbody>
              {provisioned.map((one) => (
                <tr key={one.sku}>
                  <th scope="row">
                    <span class="name">{one.sku}</span>
                    <span class="unit block">
                      {compactAmount(one.inputTokensPerMinutePerPtu)} input tokens per minute a PTU
                    </span>
                  </th>
                  <td>
                    {ptu(one.forPeakMinute)}
                    <span class="unit block words">{one.forPeakMinute.arithmetic}</span>
                  </td>
                  <td>{ptu(one.withoutRefusals)}</td>
                  <td>{ptu(one.withOnePercentRefused)}</td>
                  <td>
                    {ptu(one.withSpillover)}
                    <span class="unit block words">
                      {counted(one.withSpillover.spilledRequests, 'request')} to a standard deployment
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

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
