/** A list that is searched: fields to look by, what is opened of it, and the list, or a note in its place. */
import type { ComponentChildren } from 'preact'
import { Alert, Pending } from './pending.tsx'

type Props = {
  readonly fields: ComponentChildren
  /** The one that is open. */
  readonly opened: ComponentChildren
  readonly problem: string | undefined
  readonly isLoading: boolean
  /** What is said where nothing is in the list. */
  readonly note: string | undefined
  readonly children: ComponentChildren
}

export function Listing({ fields, opened, problem, isLoading, note, children }: Props) {
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        {fields}
      </form>
      <Alert text={problem} />
      {opened}
      {note === undefined ? (
        children
      ) : isLoading ? (
        <Pending problem={undefined} />
      ) : (
        note !== '' && <p class="note">{note}</p>
      )}
    </>
  )
}
