/**
 * Keeps this process's core awake until the returned function is called. In a virtual machine, waking a core costs several times
 * as much as a request, and the slower server would pay for it more often.
 */
export function stayAwake(): () => void {
  let isOver = false
  const turn = () => {
    if (!isOver) setImmediate(turn)
  }
  turn()
  return () => (isOver = true)
}
