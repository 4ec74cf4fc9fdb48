/** A `curl` line that works as it is, whatever was configured. */
import type { Config } from '../sim/config/config.ts'
import { findModel } from '../sim/index.ts'
import type { ModelKind } from '../sim/types.ts'

const apiVersion = '2024-10-21'

/** `key` stands between double quotes, so that it may be a variable of the shell. */
export function exampleRequest(config: Config, url: string, key: string): string {
  const header = `-H "api-key: ${key}"`
  const post = (deployment: string, path: string, body: object) =>
    `curl "${url}/openai/deployments/${deployment}/${path}?api-version=${apiVersion}" ${header} ` +
    `-H "Content-Type: application/json" -d '${JSON.stringify(body)}'`

  const chat = deploymentOf('chat', config) ?? (config.allowUndefinedDeployments ? 'gpt-4o' : undefined)
  if (chat) return post(chat, 'chat/completions', { messages: [{ role: 'user', content: 'Hello!' }] })
  const embedding = deploymentOf('embedding', config)
  if (embedding) return post(embedding, 'embeddings', { input: 'Hello!' })
  return `curl "${url}/openai/v1/models" ${header}`
}

function deploymentOf(kind: ModelKind, { deployments }: Config): string | undefined {
  return Object.keys(deployments).find((name) => findModel(deployments[name]?.model ?? '')?.kinds.includes(kind))
}
