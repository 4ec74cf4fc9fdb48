/** The versions of Claude's API. */
import { claudeInvalid } from '../../errors/claude.ts'
import type { SimRequest } from '../../types.ts'

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
