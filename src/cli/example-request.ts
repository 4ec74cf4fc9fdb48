/** A `curl` line that works as it is when it is pasted into another terminal, whatever was configured. */
import { resolve } from 'node:path'
import type { Config } from '../sim/config/config.ts'
import { blobStore, exampleRecorded, fileStore, findModel, type RecordedExample, systemClock } from '../sim/index.ts'
import type { ModelKind } from '../sim/types.ts'

const apiVersion = '2024-10-21'

type Server = {
  readonly url: string
  /** The file of a certificate that nobody trusts yet. */
  readonly trusts?: string
}

/** `key` stands between double quotes, so that it may be a variable of the shell. `undefined`: nothing is recorded. */
export async function exampleRequest(
  config: Config,
  { url, trusts }: Server,
  key: string,
  cwd: string,
): Promise<string | undefined> {
  const curl = trusts === undefined ? 'curl' : `curl --cacert ${quoted(trusts)}`
  const header = `-H "api-key: ${key}"`
  if (config.mode === 'replay' && config.replay.onMiss === 'error') {
    const recorded = await recordedIn(config, cwd)
    return recorded && again(recorded, `${curl} ${quoted(url + recorded.target)} ${header}`)
  }
  const post = (deployment: string, path: string, body: object) =>
    `${curl} "${url}/openai/deployments/${deployment}/${path}?api-version=${apiVersion}" ${header} ` +
    `-H "Content-Type: application/json" -d '${JSON.stringify(body)}'`

  const chat = deploymentOf('chat', config) ?? (config.allowUndefinedDeployments ? 'gpt-4o' : undefined)
  if (chat) return post(chat, 'chat/completions', { messages: [{ role: 'user', content: 'Hello!' }] })
  const embedding = deploymentOf('embedding', config)
  if (embedding) return post(embedding, 'embeddings', { input: 'Hello!' })
  return `${curl} "${url}/openai/v1/models" ${header}`
}

function deploymentOf(kind: ModelKind, { deployments }: Config): string | undefined {
  return Object.keys(deployments).find((name) => findModel(deployments[name]?.model ?? '')?.kinds.includes(kind))
}

/** A store that cannot be reached is told of when it is needed, not here. */
async function recordedIn({ recording }: Config, cwd: string): Promise<RecordedExample | undefined> {
  const { dir, containerUrl, connectionString, container } = recording
  const clock = systemClock()
  try {
    if (containerUrl !== undefined) return await exampleRecorded(blobStore({ address: { containerUrl }, clock }))
    if (connectionString !== undefined)
      return await exampleRecorded(blobStore({ address: { connectionString, container }, clock }))
    return await exampleRecorded(fileStore(resolve(cwd, dir)))
  } catch {
    return undefined
  }
}

function again({ method, contentType, body }: RecordedExample, begin: string): string {
  const parts = [
    begin,
    ...(method === (body === undefined ? 'GET' : 'POST') ? [] : [`-X ${method}`]),
    ...(contentType === undefined || body === undefined ? [] : [`-H ${quoted(`Content-Type: ${contentType}`)}`]),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ]
  return parts.join(' ')
}

/** As a shell takes it whole. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
