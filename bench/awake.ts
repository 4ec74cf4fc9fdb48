/**
 * Keeps this process's core from sleeping until what is returned is called. In a virtual machine to wake a core costs
 * several times what a request does, and the server would pay for it, the slower one more often.
 */
export function stayAwake(): () => void {
  let isOver = false
  const turn = () => {
    if (!isOver) setImmediate(turn)
  }
  turn()
  return () => (isOver = true)
}
