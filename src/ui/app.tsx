/** The whole page: sign-in, then a header and one view at a time. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { LiveSecond } from '../sim/metrics/live.ts'
import { type Api, createApi } from './api.ts'
import { Controls } from './controls.tsx'
import { Overview } from './overview.tsx'
import { Playground } from './playground.tsx'
import { Requests } from './requests.tsx'
import { maxSeconds } from './seconds.ts'
import { keyFromLink, storedKey, storeKey } from './session.ts'
import { SignIn } from './sign-in.tsx'

const views = ['overview', 'requests', 'controls', 'playground'] as const
type View = (typeof views)[number]

const viewOfAddress = (): View => views.find((view) => location.hash === `#${view}`) ?? 'overview'

export function App() {
  const [key, setKey] = useState(storedKey)
  const [isReady, setReady] = useState(key !== undefined)
  useEffect(() => {
    if (isReady) return
    void keyFromLink()
      .catch(() => undefined)
      .then((found) => {
        if (found !== undefined) signIn(found)
        setReady(true)
      })
  }, [])
  const signIn = (next: string | undefined) => {
    storeKey(next)
    setKey(next)
  }
  if (!isReady) return <p class="note">Signing in …</p>
  if (key === undefined) return <SignIn signedIn={signIn} />
  return <SignedIn apiKey={key} signOut={() => signIn(undefined)} />
}

function SignedIn({ apiKey, signOut }: { readonly apiKey: string; readonly signOut: () => void }) {
  const api = useMemo(() => createApi(apiKey, signOut), [apiKey])
  const [view, setView] = useState(viewOfAddress)
  const { seconds, isConnected } = useSeconds(api)
  const [mode, setMode] = useState('')
  useEffect(() => {
    const changed = () => setView(viewOfAddress())
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  useEffect(() => {
    if (isConnected)
      void api.get<{ mode: string }>('/++/settings').then(
        (settings) => setMode(settings.mode),
        () => undefined,
      )
  }, [isConnected, view])
  const latest = seconds.at(-1)
  return (
    <>
      <header>
        <h1>aoai-simulated-api</h1>
        <nav aria-label="Views">
          {views.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
              {titles[name]}
            </a>
          ))}
        </nav>
        <p class="state" role="status">
          {mode !== '' && <span class="badge">{mode} mode</span>}
          {isConnected ? (
            <span class="badge ok">{latest ? `${latest.inFlight} in flight` : 'connected'}</span>
          ) : (
            <span class="badge failed">reconnecting …</span>
          )}
          <button type="button" class="quiet" onClick={signOut}>
            Sign out
          </button>
        </p>
      </header>
      <main>
        {view === 'overview' && <Overview api={api} seconds={seconds} isConnected={isConnected} />}
        {view === 'requests' && <Requests api={api} />}
        {view === 'controls' && <Controls api={api} />}
        {view === 'playground' && <Playground api={api} />}
      </main>
    </>
  )
}

const titles: Readonly<Record<View, string>> = {
  overview: 'Overview',
  requests: 'Requests',
  controls: 'Controls',
  playground: 'Playground',
}

/** The last minutes, a second each, as they come. */
function useSeconds(api: Api) {
  const [seconds, setSeconds] = useState<readonly LiveSecond[]>([])
  const [isConnected, setConnected] = useState(false)
  useEffect(() => {
    const leaving = new AbortController()
    api.follow<LiveSecond>(
      '/++/live',
      {
        data: (second) => setSeconds((before) => [...before.slice(1 - maxSeconds), second]),
        state: (state) => setConnected(state === 'open'),
      },
      leaving.signal,
    )
    return () => leaving.abort()
  }, [api])
  return { seconds, isConnected }
}
