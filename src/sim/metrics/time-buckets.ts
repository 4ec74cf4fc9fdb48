/** Times as counts in buckets, each an eighth wider than the one before: percentiles of any number of them in little room. */

const perDoubling = 6
const minMs = 0.5
/** From below half a millisecond to a quarter of an hour. */
export const timeBuckets = 126

export function timeBucketOf(ms: number): number {
  if (!(ms > minMs)) return 0
  return Math.min(timeBuckets - 1, 1 + Math.floor(perDoubling * Math.log2(ms / minMs)))
}

/** In milliseconds, within an eighth; `undefined` where nothing was counted. */
export function percentileOf(counts: readonly number[], share: number): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return undefined
  const wanted = share * all
  let below = 0
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) return rounded(within(bucket, (wanted - below) / count))
    below += count
  }
  return rounded(within(timeBuckets - 1, 1))
}

function within(bucket: number, share: number): number {
  if (bucket === 0) return minMs * share
  return minMs * 2 ** ((bucket - 1 + share) / perDoubling)
}

const rounded = (ms: number): number => Number(ms.toPrecision(3))
