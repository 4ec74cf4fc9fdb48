/** The journal, newest first, as it is written; one request opened shows all that is known of it. */
import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../sim/metrics/journal-entry.ts'
import type { Api } from './api.ts'
import { amount, durationText, timeOfDay } from './format.ts'
import { statusLevel } from './levels.ts'
import { Listing } from './listing.tsx'
import { RequestDetail } from './request-detail.tsx'

const maxShown = 200

const filters = [
  { name: 'deployment', label: 'Deployment' },
  { name: 'status', label: 'Status', size: 5, pattern: '[0-9]{3}' },
  { name: 'operation', label: 'Operation' },
  { name: 'rule', label: 'Rule' },
  { name: 'client', label: 'Client' },
  { name: 'resource', label: 'Resource' },
] as const

type Filter = Readonly<Partial<Record<(typeof filters)[number]['name'], string>>>

const open = (id: string | undefined) => {
  location.hash = id === undefined ? '#requests' : `#requests/${id}`
}

export function Requests({ api, opened }: { readonly api: Api; readonly opened: string | undefined }) {
  const [filter, setFilter] = useState<Filter>({})
  const [isPaused, setPaused] = useState(false)
  const { entries, problem, isLoading } = useEntries(api, filter, isPaused)
  const isFiltered = Object.values(filter).some((value) => value !== '')
  const fields = (
    <>
      {filters.map(({ name, label, ...field }) => (
        <label key={name}>
          {label}
          <input
            size={10}
            {...field}
            value={filter[name] ?? ''}
            onChange={(event) => setFilter({ ...filter, [name]: event.currentTarget.value.trim() })}
          />
        </label>
      ))}
      <button type="button" class="quiet" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
        {isPaused ? 'Continue' : 'Pause'}
      </button>
    </>
  )
  return (
    <Listing
      fields={fields}
      opened={
        opened !== undefined && (
          <RequestDetail key={opened} api={api} id={opened} resource={filter.resource} close={() => open(undefined)} />
        )
      }
      problem={problem}
      isLoading={isLoading && problem === undefined}
      note={entries.length > 0 ? undefined : problem !== undefined ? '' : isFiltered ? noneFits : noneYet}
    >
      <div class="wide" tabIndex={0} role="region" aria-label="Table of requests">
        <table class="requests">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Status</th>
              <th scope="col">Operation</th>
              <th scope="col">Deployment</th>
              <th scope="col">Attempt</th>
              <th scope="col">First byte</th>
              <th scope="col">End</th>
              <th scope="col">Tokens in, out</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row key={entry.id} entry={entry} isOpen={entry.id === opened} />
            ))}
          </tbody>
        </table>
      </div>
    </Listing>
  )
}

const noneFits = 'No request fits these filters. New ones appear here as they end.'
const noneYet =
  'No requests yet. Send one, from your application or from the Playground, and it appears here as it ends.'

function Row({ entry, isOpen }: { readonly entry: Entry; readonly isOpen: boolean }) {
  return (
    <tr class={isOpen ? 'opened' : ''}>
      <td>
        <button
          type="button"
          class="link"
          aria-expanded={isOpen}
          onClick={() => {
            open(isOpen ? undefined : entry.id)
            scrollTo({ top: 0 })
          }}
        >
          {timeOfDay(entry.receivedAt)}
        </button>
      </td>
      <td class={statusLevel(entry.status)}>{entry.status}</td>
      <td>
        {entry.operation ?? entry.path}
        {entry.stream && <span class="badge">stream</span>}
      </td>
      <td>{entry.deployment ?? '–'}</td>
      <td>{entry.attempt ?? '–'}</td>
      <td>{durationText(entry.timing.firstByteMs)}</td>
      <td>{durationText(entry.timing.totalMs)}</td>
      <td>{entry.tokens ? `${amount(entry.tokens.prompt)}, ${amount(entry.tokens.completion)}` : '–'}</td>
      <td>{entry.why}</td>
    </tr>
  )
}

/** New entries are shown a few times a second, however many there are. */
const showEachMs = 300

function useEntries(api: Api, filter: Filter, isPaused: boolean) {
  const [entries, setEntries] = useState<readonly Entry[]>([])
  const [problem, setProblem] = useState<string>()
  const [isLoading, setLoading] = useState(true)
  const wanted = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString()
  useEffect(() => {
    if (isPaused) return
    const leaving = new AbortController()
    setProblem(undefined)
    setLoading(true)
    let waiting: Entry[] = []
    const add = (came: readonly Entry[]) =>
      setEntries((before) => {
        const known = new Set(came.map(({ id }) => id))
        return [...came, ...before.filter(({ id }) => !known.has(id))].slice(0, maxShown)
      })
    setEntries([])
    // First what comes, then what was there: nothing falls between the two.
    api.follow<Entry>(
      `/++/requests?${new URLSearchParams([...new URLSearchParams(wanted), ['stream', 'true']]).toString()}`,
      {
        data: (entry) => {
          waiting.push(entry)
          if (waiting.length > maxShown) waiting.shift()
        },
        state: (state) => {
          if (state !== 'open') return
          const list = new URLSearchParams([...new URLSearchParams(wanted), ['limit', String(maxShown)]])
          api
            .get<{ requests: Entry[] }>(`/++/requests?${list.toString()}`)
            .then(
              ({ requests }) => add(requests),
              () => undefined,
            )
            .finally(() => setLoading(false))
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
  }, [api, wanted, isPaused])
  return { entries, problem, isLoading }
}
