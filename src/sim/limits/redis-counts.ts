/** A connection to Redis that is there or is not: whoever counts is never kept waiting for it. */
import { textOf } from '../base/text-of.ts'
import type { RedisClientOptions } from '@redis/client'
import { createTokenSource, type TokenSource, scopes, signInByDefault } from '../azure/entra-token.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Random } from '../random.ts'
import { inTime, Late } from '../base/in-time.ts'
import { entraCredentials } from './redis-sign-in.ts'
import { commandOf, noLimits, countKeysOf, type SharedCounts, type SharedCountsEvent } from './shared-counts.ts'
import { windowScript } from './script.ts'

export type RedisCountsOptions = {
  readonly redis: Config['redis'] & { readonly url: string }
  readonly clock: Clock
  readonly random: Random
  readonly onEvent: (event: SharedCountsEvent) => void
  readonly signIn?: TokenSource
  readonly script?: string
}

/** Of connecting, signing in and loading the script; a start waits for it, once. */
const connectMs = 2_000
/** One late answer may be a pause of the server's; so many in a row are not. */
const lateInARow = 3
const firstRetryMs = 250
const longestRetryMs = 5_000
/** A connection that was good for so long is not to blame for the next outage. */
const steadyMs = 10_000

type Client = {
  connect(): Promise<unknown>
  sendCommand(args: readonly string[]): Promise<unknown>
  close(): Promise<void>
  destroy(): void
}

/** Connects at once, and again and again for as long as it is not closed. */
export function redisCounts(options: RedisCountsOptions): SharedCounts {
  const { redis, clock, random, onEvent, script = windowScript } = options
  const label = labelOf(redis.url)
  const connect = connector(options)
  let state: ReturnType<SharedCounts['state']> = 'starting'
  let client: Client | undefined
  let sha = ''
  let isClosed = false
  let late = 0
  let failures = 0
  let changedAtMs = clock.now()
  let announce: (() => void) | undefined
  const started = new Promise<void>((resolve) => (announce = resolve))
  const retry = clock.timer(() => void open())

  const change = (next: 'shared' | 'away', reason = '') => {
    const sinceMs = clock.now() - changedAtMs
    const before = state
    if (before === next) return
    changedAtMs = clock.now()
    state = next
    late = 0
    if (next === 'away') onEvent({ kind: 'away', label, reason })
    else onEvent({ kind: 'shared', label, awayMs: before === 'away' ? sinceMs : undefined })
    announce?.()
  }

  /** Any failure ends the connection: a new one tells best whether the server is there. */
  const lose = (lost: Client | undefined, error: unknown) => {
    if (isClosed || lost !== client) return
    client = undefined
    destroy(lost)
    if (state === 'shared' && clock.now() - changedAtMs >= steadyMs) failures = 0
    change('away', reasonOf(error))
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** failures++)
    retry.set(clock.now() + delayMs * (0.75 + random.fraction() / 2))
  }

  /** Shows that the script may run and write there, and that the server is as quick as it has to be. */
  const probe = async (made: Client) => {
    const nothing = evaluate(sha, countKeysOf('aoai-sim-probe', ''), commandOf('take', 'sliding', 0, noLimits))
    for (let look = 1; ; look++) {
      try {
        await inTime(clock, redis.timeoutMs, made.sendCommand(nothing))
        return
      } catch (error) {
        if (!(error instanceof Late) || look === lateInARow) throw error
      }
    }
  }

  const open = async () => {
    let made: Client | undefined
    try {
      made = client = await connect((error) => lose(made, error))
      await inTime(clock, connectMs, made.connect())
      sha = textOf(await inTime(clock, connectMs, made.sendCommand(['SCRIPT', 'LOAD', script])))
      await probe(made)
      if (client === made) change('shared')
    } catch (error) {
      lose(made, error)
    }
  }
  void open()

  const command = async (args: () => readonly string[]) => {
    const using = client
    if (!using || state !== 'shared') throw new Error('the counts are away')
    try {
      const reply = await inTime(clock, redis.timeoutMs, using.sendCommand(args()))
      late = 0
      return reply
    } catch (error) {
      if (!(error instanceof Late) || ++late >= lateInARow) lose(using, error)
      throw error
    }
  }

  return {
    label,
    state: () => state,
    started,
    run: (keys, args) => command(() => evaluate(sha, keys, args)),
    increment: async (key, lifetimeMs) =>
      Number(await command(() => ['EVAL', incrementScript, '1', key, String(lifetimeMs)])),
    async close() {
      isClosed = true
      retry.cancel()
      const last = client
      client = undefined
      if (state !== 'shared' || !last) destroy(last)
      else await inTime(clock, 1_000, last.close()).catch(() => destroy(last))
      state = 'away'
      announce?.()
    },
  }
}

/** So that a name without an end cannot come to be in between. */
const incrementScript = "local n = redis.call('INCR', KEYS[1]) redis.call('PEXPIRE', KEYS[1], ARGV[1]) return n"

const evaluate = (sha: string, keys: readonly string[], args: readonly string[]) => [
  'EVALSHA',
  sha,
  String(keys.length),
  ...keys,
  ...args,
]

/** The library is loaded where it is used. */
function connector({ redis, clock, signIn }: RedisCountsOptions) {
  const tokens = createTokenSource(clock, signIn ?? signInByDefault(scopes.redis))
  return async (onError: (error: unknown) => void): Promise<Client> => {
    const { createClient } = await import('./redis-library.ts')
    const { address, user } = isForEntra(redis)
      ? withoutCredentials(redis.url)
      : { address: redis.url, user: undefined }
    const options: RedisClientOptions = {
      url: address,
      // Reconnecting is done here, with a bound and with what was noticed besides.
      socket: { connectTimeout: connectMs, reconnectStrategy: false },
      disableOfflineQueue: true,
      maintNotifications: 'disabled',
      name: 'aoai-sim',
      ...(isForEntra(redis) && { credentialsProvider: entraCredentials(clock, tokens, user) }),
    }
    const client = createClient(options)
    client.on('error', onError)
    return client
  }
}

/** Azure's own addresses without a password are signed in to with a token. */
function isForEntra({ url, auth }: RedisCountsOptions['redis']): boolean {
  const { password, protocol, hostname } = new URL(url)
  if (auth !== 'auto') return auth === 'entra'
  return password === '' && protocol === 'rediss:' && /\.redis(\.cache\.windows|\.azure)\.net$/i.test(hostname)
}

function withoutCredentials(url: string) {
  const address = new URL(url)
  const user = decodeURIComponent(address.username)
  address.username = address.password = ''
  return { address: address.href, user: user === '' ? undefined : user }
}

function labelOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port === '' ? '6379' : port}`
}

function destroy(client: Client | undefined): void {
  try {
    client?.destroy()
  } catch {
    // It never was open.
  }
}

/** One line, without what a message may quote of a command. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : textOf(error)
  return (message.split('\n')[0] ?? '').slice(0, 200)
}
