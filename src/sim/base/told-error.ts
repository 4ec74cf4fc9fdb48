/** What an answer says went wrong, as its client reads it: for the journal. */
export type ToldError = { readonly code: string | null; readonly message: string }

/** Messages quote what clients send, and may be long. */
const longest = 2000

export function toldError(code: string | number | null, message: string): ToldError {
  const text = message.length <= longest ? message : `${message.slice(0, longest)}…`
  return { code: code === null ? null : String(code), message: text }
}
