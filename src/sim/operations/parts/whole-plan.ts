/** What an operation of the resource answers: one body, at once, that uses no tokens. */
import type { BackEnd } from '../../base/back-end.ts'
import { type BackEndName, backEnds } from '../../base/back-ends.ts'
import { compact, laidOut } from '../../base/layout.ts'
import type { Plan } from '../../types.ts'
import { noUsage } from '../../base/no-usage.ts'
import { longListFrames } from '../../base/list-pieces.ts'

type Rest = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Who answers, where that is not the one that the operation names. */
  readonly backEnd?: BackEndName
}

export const wholePlan = (
  contentType: string,
  data: string | Uint8Array,
  { status = 200, headers, backEnd }: Rest = {},
): Plan => ({
  status,
  contentType,
  ...(headers && { headers }),
  ...(backEnd && { backEnd }),
  usage: noUsage,
  body: { kind: 'whole', atMs: 0, data },
})

/** What was kept is sent as it is. */
export const keptPlan = (contentType: string, data: Uint8Array, rest: Rest): Plan => ({
  ...wholePlan(contentType, data, rest),
  body: { kind: 'whole', atMs: 0, data, isKept: true },
})

/** Laid out as its back end does. */
export function jsonPlan(body: unknown, rest: Rest = {}): Plan {
  const { json = 'application/json', answers = compact }: Partial<BackEnd> = rest.backEnd ? backEnds[rest.backEnd] : {}
  const frames = longListFrames(body, answers)
  if (!frames) return wholePlan(json, laidOut(body, answers), rest)
  return { ...wholePlan(json, '', rest), body: { kind: 'stream', frames, isWhole: true } }
}
