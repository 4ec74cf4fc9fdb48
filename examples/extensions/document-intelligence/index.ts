/**
 * Azure AI Document Intelligence: a document is submitted, its analysis runs for a while, and the result can be
 * fetched. Served at the older path (`/formrecognizer`) and at the newer one (`/documentintelligence`).
 *
 * - `DOC_INTELLIGENCE_RPS`: submissions per second that pass, 15 as a resource has it by default.
 * - `DOC_INTELLIGENCE_ANALYSIS_MS`: how long an analysis runs, in milliseconds; 2,000 by default.
 */
import {
  defineExtension,
  type ExtensionAnswer,
  type ExtensionContext,
  type ExtensionOperation,
  type ExtensionRequest,
} from 'aoai-simulated-api/extension'
import { analyze } from './result.ts'

type Analysis = {
  readonly model: string
  readonly bytes: number
  readonly startedAtMs: number
  readonly random: () => number
}

const submissionsPerSecond = Number(process.env['DOC_INTELLIGENCE_RPS'] ?? 15)
const analysisMs = Number(process.env['DOC_INTELLIGENCE_ANALYSIS_MS'] ?? 2000)

/** As long as the service keeps a result (24 hours), but no more than so many of them. */
const keptMs = 24 * 60 * 60 * 1000
const maxKept = 10_000

const analysesOf = ({ keep }: ExtensionContext) => keep('analyses', () => new Map<string, Analysis>())

async function submit(request: ExtensionRequest, context: ExtensionContext): Promise<ExtensionAnswer> {
  const { url, params, query } = request
  if (!query.get('api-version')) return refused(404, '404', 'Resource not found')
  const bytes = await sizeOf(request)
  if (bytes === 0) return refused(400, 'InvalidRequest', 'Invalid request.')
  const model = params['model'] ?? ''
  const id = idFrom(context.random)
  const analyses = analysesOf(context)
  analyses.set(id, { model, bytes, startedAtMs: context.now(), random: context.random })
  for (const oldest of analyses.keys()) {
    if (analyses.size <= maxKept) break
    analyses.delete(oldest)
  }
  const result = new URL(url)
  result.pathname = result.pathname.replace(/:analyze$/, `/analyzeResults/${id}`)
  return { status: 202, headers: { 'Operation-Location': result.href, 'Retry-After': '1' } }
}

function fetchResult({ params }: ExtensionRequest, context: ExtensionContext): ExtensionAnswer {
  const analysis = analysesOf(context).get(params['id'] ?? '')
  const ageMs = context.now() - (analysis?.startedAtMs ?? 0)
  if (analysis === undefined || analysis.model !== params['model'] || ageMs > keptMs)
    return refused(404, 'NotFound', 'Resource not found.')
  const isDone = ageMs >= analysisMs
  const createdDateTime = new Date(analysis.startedAtMs).toISOString()
  const lastUpdatedDateTime = new Date(analysis.startedAtMs + Math.min(ageMs, analysisMs)).toISOString()
  const times = { createdDateTime, lastUpdatedDateTime }
  if (!isDone) return { headers: { 'Retry-After': '1' }, body: { status: 'running', ...times } }
  return { body: { status: 'succeeded', ...times, analyzeResult: analyze(analysis.model, analysis.bytes) } }
}

/** A document comes as it is, or within JSON: as base64, or as an address, which nobody fetches here. */
async function sizeOf(request: ExtensionRequest): Promise<number> {
  if (!/json/i.test(request.headers.get('content-type') ?? '')) return (await request.arrayBuffer()).byteLength
  const body = (await request.json().catch(() => undefined)) as
    { base64Source?: unknown; urlSource?: unknown } | undefined
  if (typeof body?.base64Source === 'string') return Math.floor((body.base64Source.length * 3) / 4)
  return typeof body?.urlSource === 'string' ? 1 : 0
}

const refused = (status: number, code: string, message: string): ExtensionAnswer => ({
  status,
  body: { error: { code, message } },
})

function idFrom(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  )
}

const keyHeader = 'Ocp-Apim-Subscription-Key'
const operations = ['formrecognizer', 'documentintelligence'].flatMap((root): ExtensionOperation[] => [
  {
    name: `${root}.analyze`,
    method: 'POST',
    path: `/${root}/documentModels/{model}:analyze`,
    keyHeader,
    handle: submit,
  },
  {
    name: `${root}.result`,
    path: `/${root}/documentModels/{model}/analyzeResults/{id}`,
    keyHeader,
    handle: fetchResult,
  },
])

/** Submissions of the last second, on both paths together. */
function limit({ receivedAtMs }: { readonly receivedAtMs: number }, { keep }: ExtensionContext) {
  const passed = keep('submissions', () => [] as number[])
  while (passed.length > 0 && (passed[0] ?? 0) <= receivedAtMs - 1000) passed.shift()
  const oldest = passed[0]
  if (passed.length >= submissionsPerSecond)
    return { ok: false, retryAfterMs: oldest === undefined ? 1000 : oldest + 1000 - receivedAtMs } as const
  passed.push(receivedAtMs)
  return { ok: true } as const
}

export default defineExtension({
  name: 'document-intelligence',
  operations,
  limiters: { 'formrecognizer.analyze': limit, 'documentintelligence.analyze': limit },
})
