/** A few settings with one button that applies what was changed of them. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export type SettingsTree = {
  readonly [name: string]: SettingsTree | string | number | boolean | null | readonly unknown[]
}

export type Field = {
  readonly path: readonly string[]
  readonly label: string
  readonly choices?: readonly string[]
  readonly isNumber?: boolean
  readonly hint?: string
}

type Props = {
  readonly title: string
  readonly fields: readonly Field[]
  readonly settings: SettingsTree
  /** Whether it was taken. */
  readonly apply: (part: SettingsTree) => Promise<boolean>
  /** Before its fields. */
  readonly children?: ComponentChildren
}

export function SettingsGroup({ title, fields, settings, apply, children }: Props) {
  const [changed, setChanged] = useState<Readonly<Record<string, string>>>({})
  const submit = async (event: Event) => {
    event.preventDefault()
    const edited = fields.filter(({ path }) => changed[path.join('.')] !== undefined)
    const part = edited.reduce<SettingsTree>(
      (tree, field) => put(tree, field.path, valueOf(field, changed[field.path.join('.')] ?? '')),
      {},
    )
    if (await apply(part)) setChanged({})
  }
  return (
    <form class="group" onSubmit={(event) => void submit(event)}>
      <fieldset>
        <legend>{title}</legend>
        {children}
        {fields.map((field) => {
          const name = field.path.join('.')
          const value = changed[name] ?? shown(at(settings, field.path))
          const set = (text: string) => setChanged({ ...changed, [name]: text })
          return (
            <label key={name}>
              {field.label}
              {field.choices ? (
                <select value={value} onChange={(event) => set(event.currentTarget.value)}>
                  {[...new Set([...field.choices, ...(value === '' ? [] : [value])])].map((choice) => (
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

/** An empty field goes back to the default. */
function valueOf({ isNumber }: Field, text: string): string | number | null {
  if (text.trim() === '') return null
  const number = Number(text.replace(/[,_ ]/g, ''))
  return isNumber && Number.isFinite(number) ? number : text
}

function put(tree: SettingsTree, [name = '', ...rest]: readonly string[], value: string | number | null): SettingsTree {
  return { ...tree, [name]: rest.length === 0 ? value : put((tree[name] ?? {}) as SettingsTree, rest, value) }
}

const at = (tree: SettingsTree, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (value as SettingsTree)[name] : undefined),
    tree,
  )

const shown = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
