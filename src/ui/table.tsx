/** A table; where the window is narrow each row is a card, whose cells say themselves what they are. */
import type { ComponentChildren } from 'preact'

type TableProps = {
  readonly label: string
  readonly columns: readonly string[]
  /** A class of the style sheet. */
  readonly kind?: string
  readonly children: ComponentChildren
}

export const Table = ({ label, columns, kind = '', children }: TableProps) => (
  <div class="wide" tabIndex={0} role="region" aria-label={label}>
    <table class={kind}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)

type CellProps = {
  /** Its column, where it does not speak for itself. */
  readonly of?: string
  readonly class?: string
  readonly children: ComponentChildren
}

export const Cell = ({ of, class: kind = '', children }: CellProps) => (
  <td class={kind} data-label={of}>
    {children}
  </td>
)
