/** One duration, drawn as it varies. */
import type { Random } from '../random.ts'
import type { Spread } from '../types.ts'

export function draw({ mean, stdDev, logNormal }: Spread, random: Random): number {
  if (logNormal !== undefined) {
    const { median, sigma, share, from, to } = logNormal
    const time = median * Math.exp(sigma * random.normal())
    return share > 0 && random.fraction() < share ? time * (from + (to - from) * random.fraction()) : time
  }
  return stdDev === 0 ? mean : mean + stdDev * random.normal()
}

export function times({ mean, stdDev, logNormal }: Spread, factor: number): Spread {
  const plain = { mean: mean * factor, stdDev: stdDev * factor }
  return logNormal ? { ...plain, logNormal: { ...logNormal, median: logNormal.median * factor } } : plain
}
