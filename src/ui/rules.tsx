/** Rules: what there is and how often it was applied; new ones from templates; each can be switched off. */
import { useState } from 'preact/hooks'
import { counted } from './format.ts'
import type { ChangeProps } from './changes.tsx'
import { templates } from './rule-templates.ts'
import { Cell, Table } from './table.tsx'
import { usePoll } from './use-poll.ts'
import { Alert } from './pending.tsx'

export type ShownRule = {
  readonly id: string
  readonly name?: string
  readonly enabled?: boolean
  readonly when?: object
  readonly then: object
  /** The file that it is in. */
  readonly from?: string
  readonly applied: number
}

export function RulesPanel({ api, change }: ChangeProps) {
  const { value, problem, again } = usePoll<{ rules: ShownRule[] }>(api, '/++/rules', 3_000)
  const rules = value?.rules ?? []
  const act = async (...args: Parameters<typeof change>) => {
    await change(...args)
    again()
  }
  return (
    <section aria-label="Rules">
      <h2>Rules</h2>
      <Alert text={problem} />
      {rules.length === 0 ? (
        <p class="note">No rules: every request is answered as usual. Add one from a template below.</p>
      ) : (
        <Table label="Table of rules" columns={['Rule', 'When', 'Then', 'Applied', 'Change']}>
          {rules.map((rule) => (
            <tr key={rule.id} class={rule.enabled === false ? 'off' : ''}>
              <th scope="row">
                {rule.name ?? rule.id}
                {rule.enabled === false && <span class="badge">off</span>}
              </th>
              <Cell of="When" class="words">
                {rule.when ? inWords(rule.when) : 'every request'}
              </Cell>
              <Cell of="Then" class="words">
                {inWords(rule.then)}
              </Cell>
              <Cell of="Applied">{counted(rule.applied, 'time')}</Cell>
              <Cell of="Change">
                {rule.from === undefined ? (
                  <span class="buttons">
                    <button
                      type="button"
                      class="quiet"
                      onClick={() => void act('PATCH', pathOf(rule), { enabled: rule.enabled === false })}
                    >
                      {rule.enabled === false ? 'Switch on' : 'Switch off'}
                      <span class="hidden"> {rule.name ?? rule.id}</span>
                    </button>
                    <button type="button" class="quiet" onClick={() => void act('DELETE', pathOf(rule))}>
                      Remove<span class="hidden"> {rule.name ?? rule.id}</span>
                    </button>
                  </span>
                ) : (
                  `in ${rule.from}`
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      <AddRule add={(rule) => act('POST', '/++/rules?at=start', rule)} />
    </section>
  )
}

const pathOf = ({ id }: ShownRule) => `/++/rules/${encodeURIComponent(id)}`

/** `deployment: chat, chance: 5%` */
function inWords(tree: object): string {
  return Object.entries(tree)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}

function AddRule({ add }: { readonly add: (rule: unknown) => Promise<void> }) {
  const [at, setAt] = useState(0)
  const [deployment, setDeployment] = useState('')
  const [chance, setChance] = useState('')
  const [edited, setEdited] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const made = templates[at]?.rule({ ...(deployment && { deployment }), ...(chance && { chance }) })
  const text = edited ?? JSON.stringify(made, undefined, 2)
  const submit = async (event: Event) => {
    event.preventDefault()
    setProblem(undefined)
    let rule: unknown
    try {
      rule = JSON.parse(text)
    } catch {
      setProblem('This is not JSON.')
      return
    }
    await add(rule)
    setEdited(undefined)
  }
  /** What was edited by hand is made anew. */
  const from = (set: () => void) => {
    setEdited(undefined)
    set()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <fieldset>
        <legend>Add a rule</legend>
        <label>
          Template
          <select value={at} onChange={(event) => from(() => setAt(Number(event.currentTarget.value)))}>
            {templates.map(({ name }, place) => (
              <option key={name} value={place}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          For deployment
          <input
            value={deployment}
            placeholder="all"
            onInput={(event) => from(() => setDeployment(event.currentTarget.value.trim()))}
          />
        </label>
        <label>
          Share of requests
          <input
            value={chance}
            size={6}
            placeholder="100%"
            onInput={(event) => from(() => setChance(event.currentTarget.value.trim()))}
          />
        </label>
        <label class="full">
          The rule, as JSON
          <textarea rows={7} class="code" value={text} onInput={(event) => setEdited(event.currentTarget.value)} />
        </label>
        <Alert text={problem} />
        <button type="submit">Add rule</button>
      </fieldset>
    </form>
  )
}
