/** What all of Claude's operations have in common. */
import { claudeInvalid, claudeRequestId, wordClaudeError } from '../../errors/claude.ts'
import type { OperationCommon } from '../../operation.ts'
import type { LimitState, SimRequest } from '../../types.ts'

export const claudeFamily = {
  keyHeader: 'x-api-key',
  wordError: wordClaudeError,
  headers: ({ requestId, state, receivedAtMs }) => ({
    'request-id': claudeRequestId(requestId),
    ...(state && limitHeaders(state, receivedAtMs)),
  }),
} satisfies Partial<OperationCommon>

/** The versions that there are; clients must name one. */
const versions = ['2023-01-01', '2023-06-01', '2026-10-21'] as const
export type ClaudeVersion = (typeof versions)[number]

export function claudeVersion(headers: SimRequest['headers']): ClaudeVersion {
  const version = headers.get('anthropic-version')
  if (version === null || version === '') throw claudeInvalid('anthropic-version: header is required')
  const known = versions.find((one) => one === version)
  if (!known) throw claudeInvalid(`anthropic-version: "${version}" is not a valid version`)
  return known
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
