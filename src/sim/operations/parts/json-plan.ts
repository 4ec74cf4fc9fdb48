/** What an operation of the resource answers: one JSON body, at once, that uses no tokens. */
import type { Plan } from '../../types.ts'

type Rest = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }

export const jsonPlan = (body: unknown, { status = 200, headers }: Rest = {}): Plan => ({
  status,
  contentType: 'application/json',
  ...(headers && { headers }),
  usage: { promptTokens: 0, completionTokens: 0 },
  body: { kind: 'whole', atMs: 0, data: JSON.stringify(body) },
})
