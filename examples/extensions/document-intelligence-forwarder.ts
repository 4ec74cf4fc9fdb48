/**
 * Records Azure AI Document Intelligence beside Azure OpenAI: `SIMULATOR_MODE=record` asks the resource that
 * `DOC_INTELLIGENCE_ENDPOINT` and `DOC_INTELLIGENCE_KEY` name. Of an analysis the submission and the finished result
 * are kept, and nothing of the polling between them: in replay the first poll has the result.
 */
import { defineExtension } from 'aoai-simulated-api/extension'

const endpoint = process.env['DOC_INTELLIGENCE_ENDPOINT'] ?? 'https://set-DOC_INTELLIGENCE_ENDPOINT.invalid'
const key = process.env['DOC_INTELLIGENCE_KEY'] ?? ''
const keyHeader = 'Ocp-Apim-Subscription-Key'

export default defineExtension({
  name: 'document-intelligence-forwarder',
  forwarders: ['formrecognizer', 'documentintelligence'].map((root) => ({
    name: root,
    path: `/${root}/`,
    endpoint,
    keyHeader,
    signIn: () => ({ [keyHeader]: key }),
    keep: ({ method, json }) => method !== 'GET' || (json as { status?: string } | undefined)?.status === 'succeeded',
  })),
})
