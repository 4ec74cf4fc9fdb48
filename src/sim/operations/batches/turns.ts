/** Work of which only some may be on its way at once. */
type Work = () => Promise<void>

/**
 * Takes work that never rejects, and begins it when there is room. What has waited longest is dropped where more waits
 * than `mostWaiting` allows at that moment.
 */
export function turns(mostAtOnce: number, mostWaiting: () => number): (work: Work) => void {
  const waiting: Work[] = []
  let running = 0
  const begin = (work: Work) => {
    running++
    void work().finally(() => {
      running--
      const next = waiting.shift()
      if (next) begin(next)
    })
  }
  return (work) => {
    if (running < mostAtOnce) begin(work)
    else waiting.push(work)
    if (waiting.length > mostWaiting()) waiting.shift()
  }
}
