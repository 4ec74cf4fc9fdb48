/** The whole page: sign-in, then a header and one view at a time. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { LiveSecond } from '../sim/metrics/live.ts'
import { type Api, createApi } from './api.ts'
import { CapacityView } from './capacity.tsx'
import { Controls } from './controls.tsx'
import { amount } from './format.ts'
import { Overview } from './overview.tsx'
import { Playground } from './playground.tsx'
import { RecordingsView } from './recordings.tsx'
import { Requests } from './requests.tsx'
import { Connected } from './connected.ts'
import { joinedSeconds } from './seconds.ts'
import { keyFromLink, storedKey, storeKey } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { VerdictView } from './verdict.tsx'

const titles = {
  overview: 'Overview',
  requests: 'Requests',
  controls: 'Controls',
  recordings: 'Recordings',
  playground: 'Playground',
  verdict: 'Verdict',
  capacity: 'Capacity',
} as const
type View = keyof typeof titles
const views = Object.keys(titles) as View[]

/** `#requests`, or `#requests/ID` for one of them. */
function placeOfAddress(): { readonly view: View; readonly inner: string | undefined } {
  const [, name, inner] = /^#(\w+)(?:\/(.*))?$/.exec(location.hash) ?? []
  return { view: views.find((view) => view === name) ?? 'overview', inner: inner && decodeURIComponent(inner) }
}

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
  const [{ view, inner }, setPlace] = useState(placeOfAddress)
  const { seconds, connection } = useSeconds(api)
  const isConnected = connection === 'open'
  const [mode, setMode] = useState('')
  useEffect(() => {
    const changed = () => setPlace(placeOfAddress())
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  useEffect(() => {
    document.title = `${titles[view]} – aoai-simulated-api`
  }, [view])
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
        <a
          class="skip"
          href="#content"
          onClick={(event) => {
            // The address says which view is open.
            event.preventDefault()
            document.getElementById('content')?.focus()
          }}
        >
          Skip to the content
        </a>
        <h1>aoai-simulated-api</h1>
        <nav aria-label="Views">
          {views.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
              {titles[name]}
            </a>
          ))}
        </nav>
        <div class="state">
          <p role="status">
            {mode !== '' && <span class="badge">{mode} mode</span>}
            {isConnected ? (
              <span class="badge ok">{latest ? `${amount(latest.inFlight)} in flight` : 'connected'}</span>
            ) : (
              <span class="badge failed">{connection === 'lost' ? 'reconnecting …' : 'connecting …'}</span>
            )}
          </p>
          <button type="button" class="quiet" onClick={signOut}>
            Sign out
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1} aria-label={titles[view]}>
        {connection === 'lost' && (
          <p class="problem">
            The simulator cannot be reached. This page tries again every few seconds, and goes on by itself.
          </p>
        )}
        <Connected.Provider value={connection !== 'lost'}>
          {view === 'overview' && <Overview api={api} seconds={seconds} isConnected={isConnected} />}
          {view === 'requests' && <Requests api={api} opened={inner} />}
          {view === 'controls' && <Controls api={api} />}
          {view === 'recordings' && <RecordingsView api={api} opened={inner} />}
          {view === 'playground' && <Playground api={api} />}
          {view === 'verdict' && <VerdictView api={api} />}
          {view === 'capacity' && <CapacityView api={api} />}
        </Connected.Provider>
      </main>
    </>
  )
}

/** Seconds that come at once, as those of the last minutes do, are shown at once. */
const gatherMs = 50

/** The last minutes, a second each, as they come. */
function useSeconds(api: Api) {
  const [seconds, setSeconds] = useState<readonly LiveSecond[]>([])
  const [connection, setConnection] = useState<'opening' | 'open' | 'lost'>('opening')
  useEffect(() => {
    const leaving = new AbortController()
    let came: LiveSecond[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = () => {
      const all = came
      came = []
      timer = undefined
      setSeconds((before) => joinedSeconds(before, all))
    }
    api.follow<LiveSecond>(
      '/++/live',
      {
        data: (second) => {
          came.push(second)
          timer ??= setTimeout(show, gatherMs)
        },
        state: setConnection,
      },
      leaving.signal,
    )
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [api])
  return { seconds, connection }
}
