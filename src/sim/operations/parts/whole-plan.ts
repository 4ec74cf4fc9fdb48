/** What an operation of the resource answers: one body, at once, that uses no tokens. */
import type { Plan } from '../../types.ts'
import { noUsage } from '../../base/no-usage.ts'

type Rest = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }

export const wholePlan = (
  contentType: string,
  data: string | Uint8Array,
  { status = 200, headers }: Rest = {},
): Plan => ({
  status,
  contentType,
  ...(headers && { headers }),
  usage: noUsage,
  body: { kind: 'whole', atMs: 0, data },
})

export const jsonPlan = (body: unknown, rest?: Rest): Plan => wholePlan('application/json', JSON.stringify(body), rest)
