/** The key, kept for this tab only. */
const place = 'aoai-sim-key'

export const storedKey = (): string | undefined => sessionStorage.getItem(place) ?? undefined

export const storeKey = (key: string | undefined): void =>
  key === undefined ? sessionStorage.removeItem(place) : sessionStorage.setItem(place, key)

/** The key for the code in the address that the start printed, which then leaves the address. */
export async function keyFromLink(): Promise<string | undefined> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1]
  if (code === undefined) return undefined
  history.replaceState(undefined, '', '/++/')
  const answer = await fetch('/++/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  return answer.ok ? ((await answer.json()) as { key: string }).key : undefined
}

/** Whether the simulator accepts this key. Rejects where it cannot be reached. */
export async function isKey(key: string): Promise<boolean> {
  const answer = await fetch('/++/settings', { headers: { 'api-key': key } })
  if (answer.status === 401) return false
  if (!answer.ok) throw new Error(`The simulator answered ${answer.status}.`)
  return true
}
