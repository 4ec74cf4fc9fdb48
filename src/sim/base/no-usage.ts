import type { Usage } from '../types.ts'

/** Of what uses no tokens, and where nobody knows of any. */
export const noUsage: Usage = { promptTokens: 0, completionTokens: 0 }
