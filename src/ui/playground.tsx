/** A chat with any deployment on any surface, streamed, with the time of each piece. */
import { useEffect, useState } from 'preact/hooks'
import { type Api, events, errorMessageIn } from './api.ts'
import { durationText, errorText } from './format.ts'
import { type Question, type PlaygroundSurface, surfaces } from './surfaces.ts'
import { Alert } from './pending.tsx'

type Piece = { readonly text: string; readonly afterMs: number }
type Answer = {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly pieces: readonly Piece[]
  readonly problem?: string
}

export function Playground({ api }: { readonly api: Api }) {
  const [deployment, setDeployment] = useState('gpt-4o')
  const [known, setKnown] = useState<readonly string[]>([])
  const [at, setAt] = useState(0)
  const [prompt, setPrompt] = useState('Why do ships float?')
  const [maxTokens, setMaxTokens] = useState('100')
  const [answer, setAnswer] = useState<Answer>()
  const [asking, setAsking] = useState<AbortController>()

  useEffect(() => {
    void api.get<{ deployments?: Readonly<Record<string, unknown>> }>('/++/settings').then(
      ({ deployments = {} }) => {
        const names = Object.keys(deployments)
        setKnown(names)
        if (names[0] !== undefined) setDeployment(names[0])
      },
      () => undefined,
    )
  }, [api])

  const ask = async (event: Event) => {
    event.preventDefault()
    const leaving = new AbortController()
    setAsking(leaving)
    try {
      const question = { deployment, prompt, maxTokens: Number(maxTokens) }
      await stream(api, { surface: surfaces[at] as PlaygroundSurface, question }, setAnswer, leaving.signal)
    } catch (error) {
      if (!leaving.signal.aborted)
        setAnswer((before) => ({
          status: 0,
          headers: [],
          pieces: [],
          ...before,
          problem: `The stream broke off: ${errorText(error)}`,
        }))
    } finally {
      setAsking(undefined)
    }
  }
  return (
    <>
      <form class="ask" onSubmit={(event) => void ask(event)}>
        <label>
          Deployment
          <input
            required
            list="deployments"
            value={deployment}
            onInput={(event) => setDeployment(event.currentTarget.value)}
          />
        </label>
        <datalist id="deployments">
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <label>
          Surface
          <select value={at} onChange={(event) => setAt(Number(event.currentTarget.value))}>
            {surfaces.map(({ name }, place) => (
              <option key={name} value={place}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          max_tokens
          <input
            type="number"
            min={1}
            max={16384}
            required
            value={maxTokens}
            onInput={(event) => setMaxTokens(event.currentTarget.value)}
          />
        </label>
        <label class="full">
          Prompt
          <textarea required rows={3} value={prompt} onInput={(event) => setPrompt(event.currentTarget.value)} />
        </label>
        {asking ? (
          <button type="button" onClick={() => asking.abort()}>
            Stop
          </button>
        ) : (
          <button type="submit">Send</button>
        )}
      </form>
      {answer && <Shown answer={answer} isOpen={asking !== undefined} />}
    </>
  )
}

function Shown({ answer, isOpen }: { readonly answer: Answer; readonly isOpen: boolean }) {
  const { status, headers, pieces, problem } = answer
  const first = pieces[0]
  const gaps = pieces.slice(1).map(({ afterMs }, at) => afterMs - (pieces[at]?.afterMs ?? 0))
  const gap = gaps.length > 0 ? gaps.reduce((sum, ms) => sum + ms, 0) / gaps.length : undefined
  return (
    <section aria-label="Answer" class="answer" aria-busy={isOpen}>
      <h2>
        Answer{' '}
        <span class={`badge ${status >= 400 || status === 0 ? 'failed' : 'ok'}`}>
          {status === 0 ? 'no status' : status}
        </span>
      </h2>
      <Alert text={problem} />
      <p class="text">
        {pieces.map(({ text, afterMs }, at) => (
          <span key={at} title={`after ${durationText(afterMs)}`}>
            {text}
          </span>
        ))}
      </p>
      <dl class="facts">
        <div>
          <dt>First text</dt>
          <dd>{first ? durationText(first.afterMs) : '–'}</dd>
        </div>
        <div>
          <dt>Pieces</dt>
          <dd>{pieces.length}</dd>
        </div>
        <div>
          <dt>Between two</dt>
          <dd>{gap === undefined ? '–' : durationText(gap)}</dd>
        </div>
      </dl>
      {pieces.length > 1 && (
        <details>
          <summary>Times of the pieces</summary>
          <div class="pieces" tabIndex={0} role="region" aria-label="Pieces with their times">
            <ol>
              {pieces.map(({ text, afterMs }, at) => (
                <li key={at}>
                  <span class="unit">{durationText(afterMs)}</span> <code>{text}</code>
                </li>
              ))}
            </ol>
          </div>
        </details>
      )}
      <details>
        <summary>Headers</summary>
        <pre tabIndex={0} role="region" aria-label="Headers of the answer">
          {headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
        </pre>
      </details>
    </section>
  )
}

type Asked = { readonly surface: PlaygroundSurface; readonly question: Question }

async function stream(
  api: Api,
  { surface, question }: Asked,
  show: (answer: Answer) => void,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now()
  const response = await api.raw(surface.path(question), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...surface.headers },
    body: JSON.stringify(surface.body(question)),
    signal,
  })
  const head = { status: response.status, headers: [...response.headers].toSorted(), pieces: [] as Piece[] }
  if (!response.ok || !response.body) {
    show({ ...head, problem: errorMessageIn(await response.text()) ?? 'The answer has no text.' })
    return
  }
  show(head)
  for await (const data of events(response.body)) {
    if (data === '[DONE]') continue
    const event = JSON.parse(data) as { readonly error?: { readonly message?: string } }
    if (event.error) {
      show({ ...head, problem: `An error came within the stream: ${event.error.message ?? ''}` })
      return
    }
    const text = surface.textIn(event)
    if (!text) continue
    head.pieces = [...head.pieces, { text, afterMs: performance.now() - startMs }]
    show({ ...head })
  }
}
