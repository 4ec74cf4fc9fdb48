import { inSlicesOf, Slices } from '../../base/slices.ts'
import { deploymentNotFound } from '../../errors.ts'
import { claudeInvalid } from '../../errors/claude.ts'
import { apiNotSupported } from '../../errors/inference.ts'
import { parseJsonObject } from '../../http/body.ts'
import type { ResourceOperation } from '../../operation.ts'
import { countBody } from './body.ts'
import { refuseMarks, refuseClaudeMessages, refuseRemoved, refuseClaudeTools } from './check.ts'
import { claudeVersion } from './versions.ts'
import { claudePromptCharacters, claudePromptTokens } from './prompt.ts'
import { parseClaude } from './schema.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { tokensBeyond } from '../../measure/prompt-bound.ts'

/** It has no share in a deployment's limits (documented). */
export const messagesCountTokens: ResourceOperation = {
  scope: 'resource',
  name: 'Messages_CountTokens',
  accepts: { json: countBody },
  method: 'POST',
  path: '/messages/count_tokens',
  routes: [{ surface: 'claude', template: '/anthropic/v1/messages/count_tokens' }],
  answer: async ({ wire, resource, signal }) => {
    const version = claudeVersion(wire.headers)
    const json = parseJsonObject(wire.bytes)
    if (!json) throw claudeInvalid('The request body is not valid JSON.')
    const body = parseClaude(countBody(), json)
    const deployment = resource.findDeployment(body.model, 'claude-sonnet-5-5')
    if (!deployment) throw deploymentNotFound()
    const { model } = deployment
    if (!model.kinds.includes('messages')) throw apiNotSupported()
    if (version === '2026-10-21') refuseRemoved(body)
    refuseClaudeTools(body)
    refuseMarks(body)
    refuseClaudeMessages(body)
    const beyond = tokensBeyond(claudePromptCharacters(body), model.contextWindowTokens)
    const count = () => claudePromptTokens(body, model)
    return jsonPlan({ input_tokens: beyond ?? (await inSlicesOf(new Slices(resource.clock, signal), count)) })
  },
}
