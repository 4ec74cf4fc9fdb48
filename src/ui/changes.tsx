/** Changes of the simulator: each is sent, and shown as the command that does the same. */
import { useCallback, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { Command } from './command.tsx'
import { errorText } from './format.ts'
import { Alert } from './pending.tsx'

export type Method = 'PATCH' | 'POST' | 'PUT' | 'DELETE'

/** Sends it, and gives the answer; undefined where it was refused, which is told. */
export type SendChange = (method: Method, path: string, body?: unknown) => Promise<unknown>

/** What a part of the controls is given. */
export type ChangeProps = { readonly api: Api; readonly change: SendChange }

export function useChanges(api: Api) {
  const [problem, setProblem] = useState<string>()
  const [command, setCommand] = useState<string>()
  const change = useCallback<SendChange>(
    async (method, path, body) => {
      setProblem(undefined)
      setCommand(curlCommand(method, path, body))
      try {
        return (await api.send<unknown>(method, path, body)) ?? {}
      } catch (error) {
        setProblem(errorText(error))
        setCommand(undefined)
        return undefined
      }
    },
    [api],
  )
  return { change, problem, command }
}

export function LastChange({
  problem,
  command,
}: {
  readonly problem: string | undefined
  readonly command: string | undefined
}) {
  if (problem === undefined && command === undefined) return null
  return (
    <div class="last-change">
      <Alert text={problem} />
      {command !== undefined && (
        <section aria-label="Last change" aria-live="polite">
          <h2>Done. The same as a command</h2>
          <Command text={command} />
          <p class="note">SIMULATOR_API_KEY is the key that you signed in with.</p>
        </section>
      )}
    </div>
  )
}

/** For a shell: what is between the quotes is as it is. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The key as the start and the other commands have it. */
export const keyHeader = '-H "api-key: $SIMULATOR_API_KEY"'

export function curlCommand(method: Method, path: string, body?: unknown): string {
  const head = `curl -X ${method} ${quoted(`${location.origin}${path}`)} ${keyHeader}`
  return body === undefined ? head : `${head} -d ${quoted(JSON.stringify(body))}`
}
