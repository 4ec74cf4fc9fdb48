/** How bad a status is, as the style sheet names it. */
export function statusLevel(status: number): string {
  if (status === 429) return 'limited'
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'ok'
}
