/** The versions of Claude's API. */
import { claudeInvalid } from '../../errors/claude.ts'
import { claudeVersions } from '../../families/claude.ts'
import type { SimRequest } from '../../types.ts'

export type ClaudeVersion = (typeof claudeVersions)[number]

export function claudeVersion(headers: SimRequest['headers']): ClaudeVersion {
  const version = headers.get('anthropic-version')
  if (version === null || version === '') throw claudeInvalid('anthropic-version: header is required')
  const known = claudeVersions.find((one) => one === version)
  if (!known) throw claudeInvalid(`anthropic-version: "${version}" is not a valid version`)
  return known
}
