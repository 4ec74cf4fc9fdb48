/** The control API of a simulator that runs somewhere, for commands. */

export type Place = { readonly url: string; readonly key: string | undefined; readonly resource?: string | undefined }

/** Rejects with a line for a person. */
export async function askControl({ url, key, resource }: Place, path: string): Promise<Response> {
  if (key === undefined || key === '') throw new Error('The key is missing: --key, or SIMULATOR_API_KEY.')
  const address = URL.parse(url)
  if (address === null || !/^https?:$/.test(address.protocol))
    throw new Error(`${url} is no address, as http://127.0.0.1:8000.`)
  const asked = new URL(`${address.href.replace(/\/+$/, '')}/++/${path}`)
  if (resource !== undefined) asked.searchParams.set('resource', resource)
  let answer: Response
  try {
    answer = await fetch(asked, { headers: { 'api-key': key } })
  } catch {
    throw new Error(`Nothing answers at ${address.origin}. Is the simulator running?`)
  }
  if (answer.ok) return answer
  const reason = messageIn(await answer.text())
  throw new Error(answer.status === 401 ? 'The key is wrong.' : `${asked.pathname}: ${reason ?? answer.status}`)
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message
  } catch {
    return undefined
  }
}
