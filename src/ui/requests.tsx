/** The journal, newest first, as it is written; one request opened shows all that is known of it. */
import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../sim/metrics/journal-entry.ts'
import type { Api } from './api.ts'
import { amount, duration, timeOfDay } from './format.ts'
import { RequestDetail } from './request-detail.tsx'

const maxShown = 200

type Filter = { readonly deployment: string; readonly status: string }

export function Requests({ api }: { readonly api: Api }) {
  const [filter, setFilter] = useState<Filter>({ deployment: '', status: '' })
  const [isPaused, setPaused] = useState(false)
  const [opened, setOpened] = useState<string>()
  const { entries, problem } = useEntries(api, filter, isPaused)
  const shown = entries.find(({ id }) => id === opened)
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Deployment
          <input
            value={filter.deployment}
            onChange={(event) => setFilter({ ...filter, deployment: event.currentTarget.value.trim() })}
          />
        </label>
        <label>
          Status
          <input
            inputMode="numeric"
            pattern="[0-9]{3}"
            size={5}
            value={filter.status}
            onChange={(event) => setFilter({ ...filter, status: event.currentTarget.value.trim() })}
          />
        </label>
        <button type="button" class="quiet" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Continue' : 'Pause'}
        </button>
      </form>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {shown && <RequestDetail entry={shown} close={() => setOpened(undefined)} />}
      {entries.length === 0 && problem === undefined ? (
        <p class="note">No request fits. New ones appear here as they end.</p>
      ) : (
        <div class="wide" tabIndex={0} role="region" aria-label="Table of requests">
          <table class="requests">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Status</th>
                <th scope="col">Operation</th>
                <th scope="col">Deployment</th>
                <th scope="col">First byte</th>
                <th scope="col">End</th>
                <th scope="col">Tokens in, out</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.id} class={entry.id === opened ? 'opened' : ''}>
                  <td>
                    <button
                      type="button"
                      class="link"
                      aria-expanded={entry.id === opened}
                      onClick={() => setOpened(entry.id === opened ? undefined : entry.id)}
                    >
                      {timeOfDay(entry.receivedAt)}
                    </button>
                  </td>
                  <td class={levelOf(entry.status)}>{entry.status}</td>
                  <td>
                    {entry.operation ?? entry.path}
                    {entry.stream && <span class="badge">stream</span>}
                  </td>
                  <td>{entry.deployment ?? '–'}</td>
                  <td>{duration(entry.timing.firstByteMs)}</td>
                  <td>{duration(entry.timing.totalMs)}</td>
                  <td>{entry.tokens ? `${amount(entry.tokens.prompt)}, ${amount(entry.tokens.completion)}` : '–'}</td>
                  <td>{entry.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function levelOf(status: number): string {
  if (status === 429) return 'limited'
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'ok'
}

/** New entries are shown a few times a second, however many there are. */
const showEachMs = 300

function useEntries(api: Api, { deployment, status }: Filter, isPaused: boolean) {
  const [entries, setEntries] = useState<readonly Entry[]>([])
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    if (isPaused) return
    const query = new URLSearchParams({ ...(deployment !== '' && { deployment }), ...(status !== '' && { status }) })
    const leaving = new AbortController()
    setProblem(undefined)
    let waiting: Entry[] = []
    const add = (came: readonly Entry[]) =>
      setEntries((before) => {
        const known = new Set(came.map(({ id }) => id))
        return [...came, ...before.filter(({ id }) => !known.has(id))].slice(0, maxShown)
      })
    setEntries([])
    // First what comes, then what was there: nothing falls between the two.
    api.follow<Entry>(
      `/++/requests?${new URLSearchParams([...query, ['stream', 'true']]).toString()}`,
      {
        data: (entry) => {
          waiting.push(entry)
          if (waiting.length > maxShown) waiting.shift()
        },
        state: (state) => {
          if (state !== 'open') return
          const list = new URLSearchParams([...query, ['limit', String(maxShown)]])
          api.get<{ requests: Entry[] }>(`/++/requests?${list.toString()}`).then(
            ({ requests }) => add(requests),
            () => undefined,
          )
        },
        refused: setProblem,
      },
      leaving.signal,
    )
    const timer = setInterval(() => {
      if (waiting.length === 0) return
      const came = waiting.reverse()
      waiting = []
      add(came)
    }, showEachMs)
    return () => {
      leaving.abort()
      clearInterval(timer)
    }
  }, [api, deployment, status, isPaused])
  return { entries, problem }
}
