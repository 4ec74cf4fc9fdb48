/** Recordings: listed, searched, opened; and requests that found none, beside what comes nearest. */
import { useEffect, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { counted, size, errorText } from './format.ts'
import { Misses } from './misses.tsx'
import { RecordingEditor } from './recording-editor.tsx'

type Listed = {
  readonly place: string
  readonly recordings: readonly { readonly name: string; readonly bytes: number }[]
  readonly count: number
  readonly isPartial: boolean
}

const pageSize = 50

export function RecordingsView({ api, opened }: { readonly api: Api; readonly opened: string | undefined }) {
  const [search, setSearch] = useState('')
  const [skip, setSkip] = useState(0)
  const [version, setVersion] = useState(0)
  const [listed, setListed] = useState<Listed>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    let isGone = false
    const query = new URLSearchParams({ skip: String(skip), limit: String(pageSize), ...(search !== '' && { search }) })
    api.get<Listed>(`/++/recordings?${query.toString()}`).then(
      (found) => {
        if (isGone) return
        setListed(found)
        setProblem(undefined)
      },
      (error: unknown) => !isGone && setProblem(errorText(error)),
    )
    return () => void (isGone = true)
  }, [api, search, skip, version])
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label class="wider">
          Search in names and contents
          <input
            type="search"
            value={search}
            placeholder="words, or /a pattern/"
            onChange={(event) => {
              setSkip(0)
              setSearch(event.currentTarget.value.trim())
            }}
          />
        </label>
        <button type="button" class="quiet" onClick={() => setVersion(version + 1)}>
          Look again
        </button>
      </form>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {opened !== undefined && (
        <RecordingEditor key={opened} api={api} name={opened} changed={() => setVersion(version + 1)} />
      )}
      <section aria-label="Recordings">
        <h2>Recordings</h2>
        {!listed && problem === undefined && <p class="note">Loading …</p>}
        {listed && <List listed={listed} search={search} opened={opened} skip={skip} setSkip={setSkip} />}
      </section>
      <Misses api={api} />
    </>
  )
}

type ListProps = {
  readonly listed: Listed
  readonly search: string
  readonly opened: string | undefined
  readonly skip: number
  readonly setSkip: (skip: number) => void
}

function List({ listed, search, opened, skip, setSkip }: ListProps) {
  const { place, recordings, count, isPartial } = listed
  if (count === 0)
    return (
      <p class="note">
        {search !== ''
          ? `None of ${place} has that.`
          : `There are none in ${place}. Set the mode to record, with the address of a service, and send requests; or write one with aoai-sim recordings new.`}
      </p>
    )
  return (
    <>
      <p class="note" role="status">
        {counted(count, 'recording')} in {place}
        {isPartial && '; there are more, which were not looked through'}
      </p>
      <ul class="names">
        {recordings.map(({ name, bytes }) => (
          <li key={name} class={name === opened ? 'opened' : ''}>
            <a href={`#recordings/${encodeURIComponent(name)}`} aria-current={name === opened ? 'true' : undefined}>
              {name}
            </a>{' '}
            <span class="unit">{size(bytes)}</span>
          </li>
        ))}
      </ul>
      {count > pageSize && (
        <p class="buttons">
          <button
            type="button"
            class="quiet"
            disabled={skip === 0}
            onClick={() => setSkip(Math.max(0, skip - pageSize))}
          >
            Before
          </button>
          <span class="note">
            {skip + 1} to {Math.min(count, skip + pageSize)}
          </span>
          <button
            type="button"
            class="quiet"
            disabled={skip + pageSize >= count}
            onClick={() => setSkip(skip + pageSize)}
          >
            Next
          </button>
        </p>
      )}
    </>
  )
}
