/** A chat with any deployment, streamed, with the time of each piece. */
import { useState } from 'preact/hooks'
import { type Api, events, messageOf } from './api.ts'
import { duration } from './format.ts'

type Piece = { readonly text: string; readonly afterMs: number }
type Answer = {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly pieces: readonly Piece[]
  readonly problem?: string
}

type Chunk = { readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[] }

export function Playground({ api }: { readonly api: Api }) {
  const [deployment, setDeployment] = useState('gpt-4o')
  const [prompt, setPrompt] = useState('Why do ships float?')
  const [maxTokens, setMaxTokens] = useState('100')
  const [answer, setAnswer] = useState<Answer>()
  const [asking, setAsking] = useState<AbortController>()

  const ask = async (event: Event) => {
    event.preventDefault()
    const leaving = new AbortController()
    setAsking(leaving)
    try {
      await stream(api, { deployment, prompt, maxTokens: Number(maxTokens) }, setAnswer, leaving.signal)
    } catch (error) {
      if (!leaving.signal.aborted)
        setAnswer((before) => ({
          status: 0,
          headers: [],
          pieces: [],
          ...before,
          problem: `The stream broke off: ${String(error)}`,
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
          <input required value={deployment} onInput={(event) => setDeployment(event.currentTarget.value)} />
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
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p class="text">
        {pieces.map(({ text, afterMs }, at) => (
          <span key={at} title={`after ${duration(afterMs)}`}>
            {text}
          </span>
        ))}
      </p>
      <dl class="facts">
        <div>
          <dt>First text</dt>
          <dd>{first ? duration(first.afterMs) : '–'}</dd>
        </div>
        <div>
          <dt>Pieces</dt>
          <dd>{pieces.length}</dd>
        </div>
        <div>
          <dt>Between two</dt>
          <dd>{gap === undefined ? '–' : duration(gap)}</dd>
        </div>
      </dl>
      <details>
        <summary>Headers</summary>
        <pre tabIndex={0} role="region" aria-label="Headers of the answer">
          {headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
        </pre>
      </details>
    </section>
  )
}

type Question = { readonly deployment: string; readonly prompt: string; readonly maxTokens: number }

async function stream(
  api: Api,
  { deployment, prompt, maxTokens }: Question,
  show: (answer: Answer) => void,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now()
  const response = await api.raw('/openai/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: deployment,
      messages: [{ role: 'user', content: prompt }],
      max_completion_tokens: maxTokens,
      stream: true,
    }),
    signal,
  })
  const head = { status: response.status, headers: [...response.headers].toSorted(), pieces: [] as Piece[] }
  if (!response.ok || !response.body) {
    show({ ...head, problem: messageOf(await response.text()) ?? 'The answer has no text.' })
    return
  }
  show(head)
  for await (const data of events(response.body)) {
    if (data === '[DONE]') continue
    const text = (JSON.parse(data) as Chunk).choices?.[0]?.delta?.content
    if (!text) continue
    head.pieces = [...head.pieces, { text, afterMs: performance.now() - startMs }]
    show({ ...head })
  }
}
