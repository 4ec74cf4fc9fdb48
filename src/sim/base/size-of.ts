/** About what a value takes in memory. Its text may be a slice of what is there anyway: that counts all the same. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length
  if (typeof value !== 'object' || value === null) return 8
  if (ArrayBuffer.isView(value)) return 32 + value.byteLength
  let size = 32
  for (const inner of Object.values(value)) size += 16 + sizeOf(inner)
  return size
}
