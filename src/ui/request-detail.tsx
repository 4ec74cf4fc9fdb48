/** One request: its times as bars, what decided its answer, its other attempts, its bodies, and a command that asks again. */
import { useState } from 'preact/hooks'
import type { ShownBodies } from '../sim/admin/bodies.ts'
import type { Entry } from '../sim/metrics/journal-entry.ts'
import type { Api } from './api.ts'
import { keyHeader, quoted } from './changes.tsx'
import { Command } from './command.tsx'
import { amount, dayAndTime, durationText, errorText, timeOfDay } from './format.ts'
import { statusLevel } from './levels.ts'
import { usePoll } from './use-poll.ts'
import { Waterfall } from './waterfall.tsx'
import { Alert } from './pending.tsx'

type Detail = Entry & ShownBodies & { readonly attempts: readonly Entry[] }

type Props = {
  readonly api: Api
  readonly id: string
  readonly resource: string | undefined
  readonly close: () => void
}

export function RequestDetail({ api, id, resource, close }: Props) {
  const query = resource ? `?resource=${encodeURIComponent(resource)}` : ''
  const { value: entry, problem } = usePoll<Detail>(api, `/++/requests/${id}${query}`, 0)
  return (
    <section class="detail" aria-label="Request">
      <h2>
        {entry ? (
          <span>
            {entry.method} <code>{entry.path}</code>
          </span>
        ) : (
          <span>Request {id}</span>
        )}
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </h2>
      <Alert text={problem} />
      {entry && (
        <>
          {entry.error && (
            <p class={`told ${entry.status === 429 ? 'limited' : 'failed'}`}>
              {[entry.error.code, entry.error.message].filter(Boolean).join(': ')}
            </p>
          )}
          <Waterfall entry={entry} />
          <dl class="facts">
            {facts(entry).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Attempts entry={entry} />
          <Bodies api={api} entry={entry} query={query} />
          <h3>Ask again</h3>
          <p class="note">
            With the key{entry.resource === undefined ? '' : ` of ${entry.resource}`} in SIMULATOR_API_KEY
            {!entry.request && entry.method === 'POST' ? ', and what to ask in body.json: its body was not kept' : ''}.
          </p>
          <Command text={curlOf(entry)} />
        </>
      )}
    </section>
  )
}

function Attempts({ entry: { id, attempts } }: { readonly entry: Detail }) {
  if (attempts.length < 2) return null
  return (
    <>
      <h3>Attempts of this call</h3>
      <ol class="attempts">
        {attempts.map((one, at) => (
          <li key={one.id} aria-current={one.id === id ? 'true' : undefined}>
            {one.id === id ? (
              <b>{timeOfDay(one.receivedAt)}</b>
            ) : (
              <a href={`#requests/${one.id}`}>{timeOfDay(one.receivedAt)}</a>
            )}{' '}
            <b class={statusLevel(one.status)}>{one.status}</b> {one.deployment ?? ''} after{' '}
            {at === 0 ? 'nothing' : durationText(waited(attempts[at - 1], one))}, {one.why}
          </li>
        ))}
      </ol>
    </>
  )
}

/** From the end of one to the beginning of the next. */
const waited = (before: Entry | undefined, next: Entry): number =>
  before === undefined
    ? 0
    : Math.max(0, Date.parse(next.receivedAt) - Date.parse(before.receivedAt) - before.timing.totalMs)

type BodiesProps = { readonly api: Api; readonly entry: Detail; readonly query: string }

function Bodies({ api, entry, query }: BodiesProps) {
  const [note, setNote] = useState<string>()
  const keep = () =>
    void api.send('PATCH', `/++/settings${query}`, { journal: { bodies: 'on' } }).then(
      () => setNote('Bodies of new requests are kept from now on.'),
      (error: unknown) => setNote(errorText(error)),
    )
  if (!entry.request)
    return (
      <p class="note" role="status">
        {note ?? 'Its bodies were not kept. '}
        {note === undefined && (
          <button type="button" class="link" onClick={keep}>
            Keep those of new requests
          </button>
        )}
      </p>
    )
  return (
    <>
      <Shown title="Request" value={entry.request} />
      {entry.response && <Shown title="Answer" value={entry.response} />}
    </>
  )
}

type Part = { readonly headers?: unknown; readonly body?: unknown; readonly isCut?: true }

function Shown({ title, value }: { readonly title: string; readonly value: Part }) {
  const { body, headers, isCut } = value
  return (
    <details>
      <summary>
        {title}
        {isCut && ' (the beginning)'}
      </summary>
      <pre tabIndex={0} role="region" aria-label={`${title}, headers and body`}>
        {headers !== undefined && `${linesOf(headers)}\n\n`}
        {typeof body === 'string' ? body : body === undefined ? 'no body' : JSON.stringify(body, undefined, 2)}
      </pre>
    </details>
  )
}

const linesOf = (headers: unknown) =>
  Object.entries(headers as Record<string, string>)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

/** With what was asked where that was kept; secrets are masked in it. */
function curlOf({ path, method, request, resource, stream }: Detail): string {
  const place = resource === undefined || resource === 'default' ? '' : `/resources/${encodeURIComponent(resource)}`
  const version = isDated(path) ? '?api-version=2024-10-21' : ''
  const body = request?.body
  const given = body === undefined ? '@body.json' : quoted(typeof body === 'string' ? body : JSON.stringify(body))
  const data = method === 'GET' || method === 'DELETE' ? '' : ` -H 'content-type: application/json' -d ${given}`
  const flags = `-g${stream ? ' -N' : ''} -X ${method}`
  return `curl ${flags} ${quoted(`${location.origin}${place}${path}${version}`)} ${keyHeader}${data}`
}

const isDated = (path: string) => path.startsWith('/openai/') && !/^\/openai\/v1(\/|$)/.test(path)

function facts(entry: Detail): [string, string][] {
  const { client } = entry
  const rows: [string, string | undefined][] = [
    ['Status', String(entry.status)],
    ['Came', dayAndTime(entry.receivedAt)],
    ['Why', entry.why],
    ['Limiter', entry.limiter],
    ['Rule', entry.rule],
    ['Phase', entry.phase],
    ['Attempt', entry.attempt === undefined ? undefined : `${entry.attempt} of ${entry.attempts.length} known`],
    ['Resource', entry.resource],
    ['Deployment', entry.deployment],
    ['Spilled over from', entry.spilledFrom],
    ['Model', entry.model],
    [
      'Tokens',
      entry.tokens && `${amount(entry.tokens.prompt)} in the prompt, ${amount(entry.tokens.completion)} in the answer`,
    ],
    ['Recording', entry.recording],
    ['Client', client?.['user-agent']],
    ['Connection', entry.connection === undefined ? undefined : `number ${entry.connection} of the host`],
    ['Request id', entry.id],
    ["Client's request id", entry.clientId],
  ]
  return rows.filter((row): row is [string, string] => row[1] !== undefined)
}
