/** A part of a path, without its escapes; what is not escaped as it should be gives `instead`. */
export function decodedOr(part: string, instead: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return instead
  }
}
