/** The journal, newest first, as it is written; one request opened shows all that is known of it. */
import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../sim/metrics/journal-entry.ts'
import type { Api } from './api.ts'
import { amount, durationText, timeOfDay } from './format.ts'
import { statusLevel } from './levels.ts'
import { Listing } from './listing.tsx'
import { RequestDetail } from './request-detail.tsx'
import { Cell, Table } from './table.tsx'

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
      <Table label="Table of requests" columns={columns} kind="requests">
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} isOpen={entry.id === opened} />
        ))}
      </Table>
    </Listing>
  )
}

const columns = ['Time', 'Status', 'Operation', 'Deployment', 'Attempt', 'First byte', 'End', 'Tokens in, out', 'Why']

const noneFits = 'No request fits these filters. New ones appear here as they end.'
const noneYet =
  'No requests yet. Send one, from your application or from the Playground, and it appears here as it ends.'

function Row({ entry, isOpen }: { readonly entry: Entry; readonly isOpen: boolean }) {
  return (
    <tr class={isOpen ? 'opened' : ''}>
      <Cell>
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
      </Cell>
      <Cell class={statusLevel(entry.status)}>{entry.status}</Cell>
      <Cell>
        {entry.operation ?? entry.path}
        {entry.stream && <span class="badge">stream</span>}
      </Cell>
      <Cell of="Deployment" class="words">
        {entry.deployment ?? '–'}
      </Cell>
      <Cell of="Attempt">{entry.attempt ?? '–'}</Cell>
      <Cell of="First byte">{durationText(entry.timing.firstByteMs)}</Cell>
      <Cell of="End">{durationText(entry.timing.totalMs)}</Cell>
      <Cell of="Tokens in, out">
        {entry.tokens ? `${amount(entry.tokens.prompt)}, ${amount(entry.tokens.completion)}` : '–'}
      </Cell>
      <Cell of="Why" class="words">
        {entry.why}
      </Cell>
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
