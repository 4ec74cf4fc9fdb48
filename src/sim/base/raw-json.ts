/** Numbers that JSON is to have as they are spelled, which TypeScript does not know of yet. */

type RawNumber = { readonly rawJSON: string }

const json = JSON as typeof JSON & { readonly rawJSON: (text: string) => RawNumber }

/** A number of 32 bits as services that keep those write it: in full, and a whole one with its decimal (recorded 2023 to 2025). */
export function float32(value: number): RawNumber {
  const rounded = Math.fround(value)
  return json.rawJSON(Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded))
}

/** Of 64 bits. */
export const float64 = (value: number): RawNumber =>
  json.rawJSON(Number.isInteger(value) ? value.toFixed(1) : String(value))
