/** The last errors in words; those that say the same are one line. */
import type { LiveError, LiveSecond } from '../sim/metrics/live.ts'
import { amount, timeOfDay } from './format.ts'

type Group = LiveError & { readonly atMs: number; count: number }

const maxShown = 8

/** Newest first. Numbers in a message, as the seconds to wait, do not make it another. */
function groupsOf(minute: readonly LiveSecond[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const { errors, atMs } of minute.toReversed())
    for (const error of errors.toReversed()) {
      const key = [error.status, error.deployment, error.path, error.message?.replace(/\d+ (second)s?/g, '# $1')].join(
        ' ',
      )
      const known = groups.get(key)
      if (known) known.count++
      else groups.set(key, { ...error, atMs, count: 1 })
    }
  return [...groups.values()].slice(0, maxShown)
}

export function LastErrors({ minute }: { readonly minute: readonly LiveSecond[] }) {
  const groups = groupsOf(minute)
  return (
    <section aria-label="Last errors">
      <h2>Last errors</h2>
      {groups.length === 0 ? (
        <p class="note">None in the last minute.</p>
      ) : (
        <ul class="errors">
          {groups.map(({ id, status, deployment, path, code, message, rule, atMs, count }) => (
            <li key={id}>
              <p>
                <time dateTime={new Date(atMs).toISOString()}>{timeOfDay(atMs)}</time>{' '}
                <b class={status === 429 ? 'limited' : 'failed'}>{status}</b> {deployment ?? ''}{' '}
                {count > 1 && <span class="badge">{amount(count)} alike seen</span>}{' '}
                <a href={`#requests/${id}`}>open</a>
              </p>
              <p class="words">{message ?? code ?? `${path} was answered with ${status}, without words.`}</p>
              {rule !== undefined && <p class="unit words">By the rule {rule}.</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
