/** Claude's own API, as a Foundry resource has it. */
import { claudeInvalid, claudeRequestId, wordClaudeError } from '../errors/claude.ts'
import { apiNotSupported, claudePathNotSupported } from '../errors/inference.ts'
import type { Family } from '../operation.ts'
import type { LimitState } from '../types.ts'

/** Clients must name one. */
export const claudeVersions = ['2023-01-01', '2023-06-01', '2026-10-21'] as const

export const claude: Family = {
  name: 'claude',
  versions: claudeVersions,
  versionHeader: 'anthropic-version',
  isFiltered: false,
  prefix: '/anthropic',
  headerPrefixes: ['anthropic'],
  // Its clients send the key so, as users tell; and in a header of their own.
  takesBearerKey: true,
  keyHeader: 'x-api-key',
  checkVersion: () => undefined,
  pathNotFound: claudePathNotSupported,
  modelMissing: () => claudeInvalid('model: Field required'),
  modelUnfit: apiNotSupported,
  wordError: wordClaudeError,
  headers: ({ requestId, state, receivedAtMs }) => ({
    'request-id': claudeRequestId(requestId),
    ...(state && limitHeaders(state, receivedAtMs)),
  }),
}

/** As documented for Claude's API; a deployment's one limit of tokens counts what goes in and what comes out together. */
function limitHeaders(state: LimitState, atMs: number): Readonly<Record<string, string>> {
  return {
    ...limitOf('requests', state.limitRequests, state.remainingRequests, atMs + state.resetRequestsMs),
    ...limitOf('tokens', state.limitTokens, state.remainingTokens, atMs + state.resetTokensMs),
  }
}

function limitOf(what: string, limit: number | undefined, remaining: number, resetAtMs: number) {
  if (limit === undefined) return {}
  const seconds = Math.ceil(resetAtMs / 1000) * 1000
  return {
    [`anthropic-ratelimit-${what}-limit`]: String(limit),
    [`anthropic-ratelimit-${what}-remaining`]: String(Math.max(0, Math.floor(remaining))),
    [`anthropic-ratelimit-${what}-reset`]: new Date(seconds).toISOString().replace('.000Z', 'Z'),
  }
}
