/** Work of which only some may be on its way at once. */
type Work = () => Promise<void>

/**
 * Takes work that never rejects, and begins it when there is room. What has waited longest is dropped where more waits
 * than `maxWaiting` allows at that moment.
 */
export function workQueue(maxAtOnce: number, maxWaiting: () => number): (work: Work) => void {
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
    if (running < maxAtOnce) begin(work)
    else waiting.push(work)
    if (waiting.length > maxWaiting()) waiting.shift()
  }
}
