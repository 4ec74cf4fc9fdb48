/** What can be changed while the simulator runs: each change is a request, and shown as a command, too. */
import { useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { LastChange, useChanges } from './changes.tsx'
import { Pending } from './pending.tsx'
import { Resources } from './resources.tsx'
import { RulesPanel } from './rules.tsx'
import { type Field, SettingsGroup, type SettingsTree } from './settings-group.tsx'
import { TimelineControls } from './timeline.tsx'
import { usePoll } from './use-poll.ts'

const general: readonly Field[] = [
  { path: ['mode'], label: 'Mode', choices: ['generate', 'record', 'replay'] },
  { path: ['generate', 'maxTokens'], label: 'max_tokens is', choices: ['exact', 'bound'] },
  { path: ['contentFilter', 'mode'], label: 'Content filter', choices: ['default', 'asynchronous', 'off', 'error'] },
  { path: ['limits', 'algorithm'], label: 'Limits count', choices: ['sliding', 'fixed', 'leaky'] },
  { path: ['limits', 'charge'], label: 'Limits charge', choices: ['actual', 'reserve', 'estimated', 'python'] },
  { path: ['journal', 'bodies'], label: 'Keep bodies', choices: ['off', 'on'] },
]

const latency: readonly Field[] = [
  { path: ['latency', 'profile'], label: 'Profile', choices: ['none', 'measured-2026'] },
  { path: ['latency', 'factor'], label: 'All latency, times', isNumber: true, hint: '1' },
  { path: ['latency', 'chatCompletions', 'timeToFirstToken'], label: 'Chat, to the first token', hint: '400ms ± 80ms' },
  { path: ['latency', 'chatCompletions', 'interToken'], label: 'Chat, between tokens', hint: '12ms ± 3ms' },
  { path: ['latency', 'embeddings'], label: 'Embeddings', hint: '100ms' },
]

const limitsOf = (name: string): readonly Field[] => [
  { path: ['deployments', name, 'tokensPerMinute'], label: 'Tokens per minute', isNumber: true, hint: 'no limit' },
  {
    path: ['deployments', name, 'requestsPerMinute'],
    label: 'Requests per minute',
    isNumber: true,
    hint: 'from the tokens',
  },
]

/** More deployments have one card together, that says which one it is about. */
const maxCards = 8

export function Controls({ api }: { readonly api: Api }) {
  const { change, problem, command } = useChanges(api)
  const { value: settings, problem: unread, set } = usePoll<SettingsTree>(api, '/++/settings', 0)
  const [picked, setPicked] = useState<string>()
  if (!settings) return <Pending problem={unread} />
  const apply = async (part: SettingsTree) => {
    const next = await change('PATCH', '/++/settings', part)
    if (next !== undefined) set(next as SettingsTree)
    return next !== undefined
  }
  const deployments = Object.keys((settings['deployments'] ?? {}) as SettingsTree)
  const isMany = deployments.length > maxCards
  const chosen = picked !== undefined && deployments.includes(picked) ? picked : (deployments[0] ?? '')
  return (
    <>
      <p class="note">Changes hold for new requests and until the simulator stops. Rate-limit counters survive them.</p>
      <div class="groups">
        <SettingsGroup title="Answers" fields={general} settings={settings} apply={apply} />
        <SettingsGroup title="Latency" fields={latency} settings={settings} apply={apply} />
        {(isMany ? [chosen] : deployments).map((name) => (
          <SettingsGroup
            key={name}
            title={`Deployment ${name}`}
            fields={limitsOf(name)}
            settings={settings}
            apply={apply}
          >
            {isMany && (
              <label class="full">
                One of {deployments.length} deployments
                <select value={chosen} onChange={(event) => setPicked(event.currentTarget.value)}>
                  {deployments.map((each) => (
                    <option key={each}>{each}</option>
                  ))}
                </select>
              </label>
            )}
          </SettingsGroup>
        ))}
        <AddDeployment apply={apply} />
      </div>
      <RulesPanel api={api} change={change} />
      <TimelineControls api={api} change={change} />
      <Resources api={api} change={change} />
      <LastChange problem={problem} command={command} />
    </>
  )
}

function AddDeployment({ apply }: { readonly apply: (part: SettingsTree) => Promise<boolean> }) {
  const [name, setName] = useState('')
  const [model, setModel] = useState('gpt-4o')
  const submit = async (event: Event) => {
    event.preventDefault()
    if (await apply({ deployments: { [name]: { model } } })) setName('')
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
