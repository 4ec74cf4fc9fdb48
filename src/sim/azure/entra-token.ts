/** Tokens for a service that is called without a key. */
import type { Clock } from '../clock.ts'

export type AccessToken = { readonly token: string; readonly expiresOnTimestamp: number }

/** Signs in: as `DefaultAzureCredential` of `@azure/identity` does. */
export type TokenSource = () => Promise<AccessToken>

/** A token that expires sooner is fetched anew: a request must not lose it on its way. */
export const leadMs = 5 * 60_000

/**
 * Gives a token that is valid, fetching one when there is none; one fetch at a time, however many ask. An old token is
 * good for as long as it is valid where no new one can be had.
 */
export function createTokenSource(clock: Clock, signIn: TokenSource): () => Promise<AccessToken> {
  let held: AccessToken | undefined
  let fetching: Promise<AccessToken> | undefined

  const remainingMs = () => (held ? held.expiresOnTimestamp - clock.now() : 0)
  return async () => {
    if (held && remainingMs() > leadMs) return held
    fetching ??= signIn().finally(() => (fetching = undefined))
    try {
      held = await fetching
    } catch (error) {
      if (!held || remainingMs() <= 0) throw error
    }
    return held
  }
}

/** What a token is asked for, as Entra names it. */
export const scopes = {
  /** Of cognitive services, Azure OpenAI among them. */
  cognitiveServices: 'https://cognitiveservices.azure.com/.default',
  redis: 'https://redis.azure.com/.default',
}

/** The package takes a seventh of a second to load: only who needs it waits for it. */
export function signInByDefault(scope: string): TokenSource {
  let credential: Promise<{ getToken(scope: string): Promise<AccessToken> }> | undefined
  return async () => {
    credential ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential())
    return (await credential).getToken(scope)
  }
}
