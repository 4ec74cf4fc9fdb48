/** Recordings: listed, searched, opened; and requests that found none, beside what comes nearest. */
import { useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { counted, size } from './format.ts'
import { Listing } from './listing.tsx'
import { Misses } from './misses.tsx'
import { RecordingEditor } from './recording-editor.tsx'
import { usePoll } from './use-poll.ts'

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
  const query = new URLSearchParams({ skip: String(skip), limit: String(pageSize), ...(search !== '' && { search }) })
  const { value: listed, problem, again } = usePoll<Listed>(api, `/++/recordings?${query.toString()}`, 0)
  const fields = (
    <>
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
      <button type="button" class="quiet" onClick={again}>
        Look again
      </button>
    </>
  )
  return (
    <>
      <Listing
        fields={fields}
        opened={opened !== undefined && <RecordingEditor key={opened} api={api} name={opened} changed={again} />}
        problem={problem}
        isLoading={!listed && problem === undefined}
        note={listed ? emptyNote(listed, search) : ''}
      >
        <section aria-label="Recordings">
          <h2>Recordings</h2>
          {listed && <List listed={listed} opened={opened} skip={skip} setSkip={setSkip} />}
        </section>
      </Listing>
      <Misses api={api} />
    </>
  )
}

function emptyNote({ place, count }: Listed, search: string): string | undefined {
  if (count > 0) return undefined
  return search !== ''
    ? `None of ${place} has that.`
    : `There are no recordings in ${place}. Set the mode to record, with the address of a service, and send requests; or write one with aoai-sim recordings new.`
}

type ListProps = {
  readonly listed: Listed
  readonly opened: string | undefined
  readonly skip: number
  readonly setSkip: (skip: number) => void
}

function List({ listed, opened, skip, setSkip }: ListProps) {
  const { place, recordings, count, isPartial } = listed
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
