/** What stands in place of what is not there: why it is not, or that it is on its way. */
import { useContext } from 'preact/hooks'
import { Connected } from './connected.ts'

export const Alert = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p class="problem" role="alert">
      {text}
    </p>
  )

export function Pending({ problem }: { readonly problem: string | undefined }) {
  const isConnected = useContext(Connected)
  if (problem !== undefined) return <Alert text={problem} />
  return <p class="note">{isConnected ? 'Loading …' : 'It is shown as soon as the simulator is there again.'}</p>
}
