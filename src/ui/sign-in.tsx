/** Where the key is asked for. */
import { useState } from 'preact/hooks'
import { isKey } from './session.ts'
import { Alert } from './pending.tsx'

export function SignIn({ signedIn }: { readonly signedIn: (key: string) => void }) {
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isAsking, setAsking] = useState(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    setAsking(true)
    setProblem(undefined)
    try {
      if (await isKey(key)) signedIn(key)
      else setProblem('This is not the key of this simulator. The start printed it, or SIMULATOR_API_KEY has it.')
    } catch {
      setProblem('The simulator cannot be reached. Is it running?')
    } finally {
      setAsking(false)
    }
  }
  return (
    <main class="sign-in">
      <h1>aoai-simulated-api</h1>
      <form onSubmit={(event) => void submit(event)}>
        <label for="key">Key of the simulator</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          autofocus
          required
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
          aria-describedby="key-note"
        />
        <p id="key-note" class="note">
          It stays in this tab, and is sent to this simulator only.
        </p>
        <Alert text={problem} />
        <button type="submit" disabled={isAsking}>
          {isAsking ? 'Signing in …' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}
