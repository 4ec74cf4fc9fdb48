/** What can be changed while the simulator runs: each change is a PATCH, and shown as a command, too. */
import { useEffect, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { Command } from './command.tsx'

type Tree = { readonly [name: string]: Tree | string | number | boolean | null | readonly unknown[] }

type Field = {
  readonly path: readonly string[]
  readonly label: string
  readonly choices?: readonly string[]
  readonly isNumber?: boolean
  readonly hint?: string
}

const general: readonly Field[] = [
  { path: ['mode'], label: 'Mode', choices: ['generate', 'record', 'replay'] },
  { path: ['generate', 'maxTokens'], label: 'max_tokens is', choices: ['exact', 'bound'] },
  { path: ['contentFilter', 'mode'], label: 'Content filter', choices: ['default', 'asynchronous', 'off', 'error'] },
  { path: ['limits', 'algorithm'], label: 'Limits count', choices: ['sliding', 'fixed', 'leaky'] },
]

const latency: readonly Field[] = [
  { path: ['latency', 'chatCompletions', 'timeToFirstToken'], label: 'Chat, to the first token', hint: '400ms ± 80ms' },
  { path: ['latency', 'chatCompletions', 'interToken'], label: 'Chat, between tokens', hint: '12ms ± 3ms' },
  { path: ['latency', 'embeddings'], label: 'Embeddings', hint: '100ms' },
]

export function Controls({ api }: { readonly api: Api }) {
  const [settings, setSettings] = useState<Tree>()
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState<Tree>()
  useEffect(() => {
    api.get<Tree>('/++/settings').then(setSettings, (error: unknown) => setProblem(textOf(error)))
  }, [api])
  const apply = async (part: Tree) => {
    setProblem(undefined)
    try {
      setSettings(await api.send<Tree>('PATCH', '/++/settings', part))
      setDone(part)
    } catch (error) {
      setProblem(textOf(error))
    }
  }
  if (!settings) return problem === undefined ? <p class="note">Loading …</p> : <p class="problem">{problem}</p>
  const deployments = Object.keys((settings['deployments'] ?? {}) as Tree)
  return (
    <>
      <p class="note">Changes hold for new requests and until the simulator stops. Rate-limit counters survive them.</p>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Group title="Answers" fields={general} settings={settings} apply={apply} />
      <Group title="Latency" fields={latency} settings={settings} apply={apply} />
      {deployments.map((name) => (
        <Group key={name} title={`Deployment ${name}`} fields={limitsOf(name)} settings={settings} apply={apply} />
      ))}
      <AddDeployment apply={apply} />
      {done && (
        <section aria-label="Last change" aria-live="polite">
          <h2>Last change, as a command</h2>
          <Command text={commandOf(done)} />
        </section>
      )}
    </>
  )
}

const limitsOf = (name: string): readonly Field[] => [
  { path: ['deployments', name, 'tokensPerMinute'], label: 'Tokens per minute', isNumber: true, hint: 'no limit' },
  {
    path: ['deployments', name, 'requestsPerMinute'],
    label: 'Requests per minute',
    isNumber: true,
    hint: 'from the tokens',
  },
]

type GroupProps = {
  readonly title: string
  readonly fields: readonly Field[]
  readonly settings: Tree
  readonly apply: (part: Tree) => Promise<void>
}

function Group({ title, fields, settings, apply }: GroupProps) {
  const [changed, setChanged] = useState<Readonly<Record<string, string>>>({})
  const submit = async (event: Event) => {
    event.preventDefault()
    const edited = fields.filter(({ path }) => changed[path.join('.')] !== undefined)
    await apply(
      edited.reduce<Tree>(
        (tree, field) => put(tree, field.path, valueOf(field, changed[field.path.join('.')] ?? '')),
        {},
      ),
    )
    setChanged({})
  }
  return (
    <form class="group" onSubmit={(event) => void submit(event)}>
      <fieldset>
        <legend>{title}</legend>
        {fields.map((field) => {
          const name = field.path.join('.')
          const value = changed[name] ?? shown(at(settings, field.path))
          const set = (text: string) => setChanged({ ...changed, [name]: text })
          return (
            <label key={name}>
              {field.label}
              {field.choices ? (
                <select value={value} onChange={(event) => set(event.currentTarget.value)}>
                  {field.choices.map((choice) => (
                    <option key={choice}>{choice}</option>
                  ))}
                </select>
              ) : (
                <input
                  value={value}
                  placeholder={field.hint ?? ''}
                  inputMode={field.isNumber ? 'numeric' : 'text'}
                  onInput={(event) => set(event.currentTarget.value)}
                />
              )}
            </label>
          )
        })}
        <button type="submit" disabled={Object.keys(changed).length === 0}>
          Apply
        </button>
      </fieldset>
    </form>
  )
}

function AddDeployment({ apply }: { readonly apply: (part: Tree) => Promise<void> }) {
  const [name, setName] = useState('')
  const [model, setModel] = useState('gpt-4o')
  const submit = async (event: Event) => {
    event.preventDefault()
    await apply({ deployments: { [name]: { model } } })
    setName('')
  }
  return (
    <form class="group" onSubmit={(event) => void submit(event)}>
      <fieldset>
        <legend>Add a deployment</legend>
        <label>
          Name
          <input required value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          Model
          <input required value={model} onInput={(event) => setModel(event.currentTarget.value)} />
        </label>
        <button type="submit">Add</button>
      </fieldset>
    </form>
  )
}

/** An empty field goes back to the default. */
function valueOf({ isNumber }: Field, text: string): string | number | null {
  if (text.trim() === '') return null
  const number = Number(text.replace(/[,_ ]/g, ''))
  return isNumber && Number.isFinite(number) ? number : text
}

function put(tree: Tree, [name = '', ...rest]: readonly string[], value: string | number | null): Tree {
  return { ...tree, [name]: rest.length === 0 ? value : put((tree[name] ?? {}) as Tree, rest, value) }
}

const at = (tree: Tree, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (value as Tree)[name] : undefined),
    tree,
  )

const shown = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const commandOf = (part: Tree) =>
  `curl -X PATCH "${location.origin}/++/settings" -H "api-key: $AZURE_OPENAI_API_KEY" -d '${JSON.stringify(part)}'`

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
