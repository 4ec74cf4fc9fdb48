import { embedEach, type VectorLength } from '../../src/sim/generators/vectors.ts'

/** One vector, to be kept. */
export function embed(input: string | readonly number[], length: VectorLength): Float32Array {
  const [vector] = embedEach([input], length)
  return vector!.slice()
}
