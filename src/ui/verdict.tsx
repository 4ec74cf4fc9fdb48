/** Whether the callers behave: each mark with its count, its threshold, an example and what to change. */
import { useState } from 'preact/hooks'
import type { Mark } from '../sim/verdict/mark.ts'
import type { Verdict } from '../sim/verdict/judge.ts'
import type { Api } from './api.ts'
import { LastChange, useChanges } from './changes.tsx'
import { amount, counted, dayAndTime, percent } from './format.ts'
import { Pending } from './pending.tsx'
import { usePoll } from './use-poll.ts'

type Told = Verdict & { readonly resource: string; readonly why?: string }

const order = ['fail', 'warn', 'pass', 'unknown'] as const
const levelNames = { fail: 'fails', warn: 'warning', pass: 'passes', unknown: 'not known' } as const
const classes = { fail: 'failed', warn: 'limited', pass: 'ok', unknown: '' } as const

export function VerdictView({ api }: { readonly api: Api }) {
  const { value: verdict, problem, again } = usePoll<Told>(api, '/++/verdict', 5_000)
  const { change, ...told } = useChanges(api)
  const [isSure, setSure] = useState(false)
  const clear = async () => {
    setSure(false)
    await change('DELETE', '/++/requests')
    again()
  }
  if (!verdict) return <Pending problem={problem} />
  const groups = order.map((level) => [level, verdict.marks.filter((mark) => mark.level === level)] as const)
  return (
    <>
      <section aria-label="Verdict" class={`verdict ${classes[verdict.level]}`}>
        <h2>
          <span class={`badge ${classes[verdict.level]}`}>{levelNames[verdict.level]}</span> {summary(verdict)}
        </h2>
        <p class="note">
          {verdict.why ??
            (verdict.calls === 0
              ? 'No call was seen yet. Run your application or a load test against the simulator, and its callers are judged here.'
              : `${counted(verdict.calls, 'call')} with ${counted(verdict.attempts, 'attempt')}, seen since ${
                  verdict.since === undefined ? 'the start' : dayAndTime(verdict.since)
                }.${verdict.ambiguous > 0 ? ` Of ${counted(verdict.ambiguous, 'call')} it is not clear which attempts are theirs; they are not judged.` : ''}`)}
        </p>
        <p class="buttons">
          {isSure ? (
            <>
              All that was seen is forgotten, the journal too.
              <button type="button" class="danger" onClick={() => void clear()}>
                Forget it
              </button>
              <button type="button" class="quiet" onClick={() => setSure(false)}>
                Keep it
              </button>
            </>
          ) : (
            <button type="button" class="quiet" onClick={() => setSure(true)}>
              Begin anew …
            </button>
          )}
        </p>
      </section>
      <LastChange {...told} />
      {groups.map(([level, marks]) =>
        marks.length === 0 ? null : level === 'unknown' ? (
          <details key={level} class="card">
            <summary>
              {counted(marks.length, 'mark')} of which nothing is known: what{' '}
              {marks.length === 1 ? 'it looks' : 'they look'} for did not happen, or not often enough
            </summary>
            <ul class="marks">
              {marks.map((mark) => (
                <MarkItem key={mark.name} mark={mark} />
              ))}
            </ul>
          </details>
        ) : (
          <section key={level} aria-label={`Marks: ${levelNames[level]}`}>
            <ul class="marks">
              {marks.map((mark) => (
                <MarkItem key={mark.name} mark={mark} />
              ))}
            </ul>
          </section>
        ),
      )}
    </>
  )
}

function summary({ level, marks }: Told): string {
  const count = (wanted: Mark['level']) => marks.filter((mark) => mark.level === wanted).length
  if (level === 'unknown') return 'Nothing is known of the callers yet'
  return `${count('fail')} of ${marks.length} marks fail, ${count('warn')} warn, ${count('pass')} pass`
}

function MarkItem({ mark }: { readonly mark: Mark }) {
  const { name, level, count, of, share, value, threshold, ambiguous, example = [], why, advice } = mark
  const isShare = threshold === undefined ? value === undefined : threshold < 1
  return (
    <li class={classes[level]}>
      <h3>
        {titleOf(name)} <span class={`badge ${classes[level]}`}>{levelNames[level]}</span>
      </h3>
      <p>{why}</p>
      {level !== 'unknown' && level !== 'pass' && (
        <p>
          <b>What to change:</b> {advice}
        </p>
      )}
      <p class="unit">
        <code>{name}</code>
        {of > 0 && `, ${amount(count)} of ${amount(of)}${isShare ? ` (${percent(100 * share)})` : ''}`}
        {!isShare && value !== undefined && `, measured ${round(value)}`}
        {threshold !== undefined && `, threshold ${isShare ? percent(100 * threshold) : round(threshold)}`}
        {ambiguous !== undefined && ambiguous > 0 && `, ${amount(ambiguous)} not judged`}
        {level !== 'pass' && example.length > 0 && (
          <>
            , for example{' '}
            {example.slice(0, 5).map((id, at) => (
              <span key={id}>
                {at > 0 && ', '}
                <a href={`#requests/${id}`}>request {at + 1}</a>
              </span>
            ))}
          </>
        )}
      </p>
    </li>
  )
}

const round = (value: number) => Math.round(value * 100) / 100

/** `retryAfterHonoured` as people write it. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
