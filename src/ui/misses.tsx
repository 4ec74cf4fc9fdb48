/** Requests that found no recording, and where each differs from the one that comes nearest. */
import { useState } from 'preact/hooks'
import type { Entry } from '../sim/metrics/journal-entry.ts'
import type { Api } from './api.ts'
import { errorText, timeOfDay } from './format.ts'
import { Cell, Table } from './table.tsx'
import { usePoll } from './use-poll.ts'

type Compared = {
  readonly wanted: string
  readonly nearest: {
    readonly name: string
    readonly difference: string
    readonly differences: readonly { readonly path: string; readonly sought?: unknown; readonly recorded?: unknown }[]
  } | null
}

export function Misses({ api }: { readonly api: Api }) {
  const { value } = usePoll<{ requests: Entry[] }>(api, '/++/requests?status=404&limit=200', 5_000)
  const misses = (value?.requests ?? []).filter(({ error }) =>
    /^Recording(NotFound|Unreadable)$/.test(error?.code ?? ''),
  )
  return (
    <section aria-label="Misses">
      <h2>Requests without a recording</h2>
      {misses.length === 0 ? (
        <p class="note">None. In replay mode, requests that fit no recording appear here.</p>
      ) : (
        <ul class="misses">
          {misses.slice(0, 20).map((entry) => (
            <Miss key={entry.id} api={api} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Miss({ api, entry }: { readonly api: Api; readonly entry: Entry }) {
  const [compared, setCompared] = useState<Compared>()
  const [problem, setProblem] = useState<string>()
  const compare = () =>
    void api
      .send<Compared>('POST', '/++/recordings/nearest', { request: entry.id })
      .then(setCompared, (error: unknown) => setProblem(errorText(error)))
  const keep = () =>
    void api.send('PATCH', '/++/settings', { journal: { bodies: 'on' } }).then(
      () => setProblem('Bodies are kept from now on: send the request again, and compare then.'),
      (error: unknown) => setProblem(errorText(error)),
    )
  return (
    <li>
      <p>
        <time dateTime={entry.receivedAt}>{timeOfDay(entry.receivedAt)}</time> <b>{entry.method}</b>{' '}
        <code>{entry.path}</code>
      </p>
      <p class="words">{entry.error?.message}</p>
      {!compared && (
        <p class="buttons">
          <button type="button" class="quiet" onClick={compare}>
            Compare with the nearest
          </button>
          {problem !== undefined && (
            <button type="button" class="quiet" onClick={keep}>
              Keep bodies of new requests
            </button>
          )}
        </p>
      )}
      {problem !== undefined && !compared && (
        <p class="note" role="alert">
          {problem}
        </p>
      )}
      {compared && <Difference compared={compared} />}
    </li>
  )
}

function Difference({ compared: { nearest } }: { readonly compared: Compared }) {
  if (!nearest) return <p class="note">There is no recording that is near it.</p>
  return (
    <>
      <p>
        Nearest: <a href={`#recordings/${encodeURIComponent(nearest.name)}`}>{nearest.name}</a>
      </p>
      {nearest.differences.length === 0 ? (
        <p class="note">They differ in: {nearest.difference}.</p>
      ) : (
        <Table label="Differences" columns={['Where', 'Asked', 'Recorded']}>
          {nearest.differences.map(({ path, sought, recorded }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <Cell of="Asked" class="words">
                <ins>{shown(sought)}</ins>
              </Cell>
              <Cell of="Recorded" class="words">
                <del>{shown(recorded)}</del>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
