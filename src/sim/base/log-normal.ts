/** Times whose logarithm is normally distributed, a few of them many times as long: as services' first tokens come. */

export type LogNormal = {
  readonly median: number
  /** Standard deviation of the logarithm. */
  readonly sigma: number
  /** So many of them belong to the tail: they are `from` to `to` times as long. */
  readonly share: number
  readonly from: number
  readonly to: number
}

/** What of all times lies below: half of them, and so on. Either `p99` or the `tail`'s share tells of the longest. */
export type Percentiles = {
  readonly p50: number
  readonly p95: number
  readonly p99?: number | undefined
  readonly tail?: number | undefined
}

/** Where nothing is said of how long the tail is: as users measured of the service. */
const usualTail = { from: 4, to: 8 }
/** Where a 99th percentile tells how long it is: two in a hundred, so that half of them are longer than that. */
const toldShare = 0.02
/** And how far they lie round it. */
const toldWidth = 0.25

/** The distribution that has these percentiles. */
export function logNormalOf({ p50, p95, p99, tail = 0 }: Percentiles): LogNormal {
  if (p99 === undefined) return { ...bodyOf(p50, p95, tail), share: tail, ...usualTail }
  const plain = bodyOf(p50, p95, 0)
  // Where it is no longer than without a tail, there is none.
  if (p99 <= plain.median * Math.exp(plain.sigma * normalQuantile(0.99)) * 1.05)
    return { ...plain, share: 0, ...usualTail }
  const body = bodyOf(p50, p95, toldShare)
  const factor = p99 / body.median
  return { ...body, share: toldShare, from: factor * (1 - toldWidth), to: factor * (1 + toldWidth) }
}

/** Where all of the tail is longer than the 95th percentile, the rest has the two percentiles a little further out. */
function bodyOf(p50: number, p95: number, share: number) {
  const [middle, high] = [normalQuantile(0.5 / (1 - share)), normalQuantile(Math.min(0.9999, 0.95 / (1 - share)))]
  const sigma = Math.log(p95 / p50) / (high - middle)
  return { median: p50 * Math.exp(-sigma * middle), sigma }
}

export function momentsOf({ median, sigma, share, from, to }: LogNormal): { mean: number; stdDev: number } {
  const [first, second] = [median * Math.exp(sigma ** 2 / 2), median ** 2 * Math.exp(2 * sigma ** 2)]
  const mean = first * (1 - share + (share * (from + to)) / 2)
  const square = second * (1 - share + (share * (from ** 2 + from * to + to ** 2)) / 3)
  return { mean, stdDev: Math.sqrt(Math.max(0, square - mean ** 2)) }
}

/** The time below which that share of all lies. */
export function quantileOf(distribution: LogNormal, share: number): number {
  const { median, sigma, share: tail, from, to } = distribution
  let low = median * Math.exp(-8 * Math.max(sigma, 0.01))
  let high = median * Math.max(1, to) * Math.exp(8 * Math.max(sigma, 0.01))
  const below = (ms: number) => {
    if (tail === 0) return normalShare(Math.log(ms / median) / Math.max(sigma, 1e-9))
    let sum = 0
    for (let step = 0; step < 16; step++) {
      const factor = from + ((to - from) * (step + 0.5)) / 16
      sum += normalShare(Math.log(ms / (median * factor)) / Math.max(sigma, 1e-9)) / 16
    }
    return (1 - tail) * normalShare(Math.log(ms / median) / Math.max(sigma, 1e-9)) + tail * sum
  }
  for (let step = 0; step < 60; step++) {
    const middle = Math.sqrt(low * high)
    if (below(middle) < share) low = middle
    else high = middle
  }
  return high
}

/** The share of a standard normal distribution below `z` (W. J. Cody's form by Abramowitz and Stegun 7.1.26, to 1e-7). */
function normalShare(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2)
  const tail =
    polynomial([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], t) * t * Math.exp(-(z * z) / 2)
  return z >= 0 ? 1 - tail / 2 : tail / 2
}

/** The value below which that share of a standard normal distribution lies (P. Acklam's approximation, to 1e-9). */
function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity
  if (share >= 1) return Infinity
  if (share < lowShare) return outer(Math.sqrt(-2 * Math.log(share)))
  if (share > 1 - lowShare) return -outer(Math.sqrt(-2 * Math.log(1 - share)))
  const middle = share - 0.5
  const square = middle * middle
  return (polynomial(centre[0], square) * middle) / (polynomial(centre[1], square) * square + 1)
}

const lowShare = 0.02425
const polynomial = (terms: readonly number[], x: number) => terms.reduce((sum, term) => sum * x + term, 0)
const centre = [
  [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239],
  [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572],
] as const
const edge = [
  [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416],
] as const
const outer = (x: number) => polynomial(edge[0], x) / (polynomial(edge[1], x) * x + 1)
