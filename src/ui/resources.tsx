/** The resources of the process: each can be failed and slowed down, and brought back. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { counted, errorText } from './format.ts'
import type { ChangeProps } from './changes.tsx'
import type { ShownRule } from './rules.tsx'
import { Alert } from './pending.tsx'

type Resource = {
  readonly name: string
  readonly endpoint: string
  readonly region: string
  readonly deployments: readonly string[]
}

type State = Resource & { readonly failing: ShownRule | undefined; readonly factor: number }

/** By these names the page knows its own rules. */
const ruleName = (name: string) => `${name} is down`
const slowFactor = 5
const maxShown = 20

export function Resources({ api, change }: ChangeProps) {
  const [states, setStates] = useState<readonly State[]>()
  const [count, setCount] = useState(0)
  const [problem, setProblem] = useState<string>()
  const ask = useCallback(async () => {
    try {
      const { resources } = await api.get<{ resources: Resource[] }>('/++/resources')
      setCount(resources.length)
      setStates(
        await Promise.all(
          resources.slice(0, maxShown).map(async (resource) => {
            const query = queryOf(resource)
            const [{ rules }, { latency }] = await Promise.all([
              api.get<{ rules: ShownRule[] }>(`/++/rules?${query}`),
              api.get<{ latency?: { factor?: number | null } }>(`/++/settings?${query}`),
            ])
            return {
              ...resource,
              failing: rules.find(({ name, enabled }) => name === ruleName(resource.name) && enabled !== false),
              factor: latency?.factor ?? 1,
            }
          }),
        ),
      )
      setProblem(undefined)
    } catch (error) {
      setProblem(errorText(error))
    }
  }, [api])
  useEffect(() => void ask(), [ask])
  const act = async (...args: Parameters<typeof change>) => {
    await change(...args)
    await ask()
  }
  const fail = (state: State) =>
    state.failing
      ? act('DELETE', `/++/rules/${encodeURIComponent(state.failing.id)}?${queryOf(state)}`)
      : act('POST', `/++/rules?at=start&${queryOf(state)}`, {
          name: ruleName(state.name),
          then: { error: 'serviceUnavailable' },
        })
  const slow = (state: State) =>
    act('PATCH', `/++/settings?${queryOf(state)}`, { latency: { factor: state.factor > 1 ? 1 : slowFactor } })
  return (
    <section aria-label="Resources">
      <h2>Resources</h2>
      <Alert text={problem} />
      {!states && problem === undefined && <p class="note">Loading …</p>}
      {states && (
        <ul class="resources">
          {states.map((state) => (
            <li key={state.name}>
              <div>
                <b>{state.name}</b> <span class="unit">{state.region}</span>
                {state.failing && <span class="badge failed">down</span>}
                {state.factor !== 1 && <span class="badge limited">{state.factor} times as slow</span>}
                <span class="unit block">
                  <code>{state.endpoint}</code>, {counted(state.deployments.length, 'deployment')}
                </span>
              </div>
              <span class="buttons">
                <button type="button" class="quiet" onClick={() => void fail(state)}>
                  {state.failing ? 'Bring back' : 'Fail'}
                  <span class="hidden"> {state.name}</span>
                </button>
                <button type="button" class="quiet" onClick={() => void slow(state)}>
                  {state.factor > 1 ? 'As fast as before' : `Slow down ${slowFactor} times`}
                  <span class="hidden"> {state.name}</span>
                </button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {count > maxShown && <p class="note">{count - maxShown} more are not shown.</p>}
      {count > 1 && (
        <p class="note">
          Each has its own rules and timeline: those above are of the resource default. Other settings that it does not
          have come from there.
        </p>
      )}
    </section>
  )
}

const queryOf = ({ name }: Resource) => `resource=${encodeURIComponent(name)}`
