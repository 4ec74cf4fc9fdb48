/** A live connection is closed there with a code; any other breaks off. */
import { cut } from './cut.ts'
import type { Fault } from './fault.ts'

export const close: Fault = (plan, wish, context) => ({
  ...cut(plan, wish, context),
  closeCode: wish.code ?? usualCode,
})

export const usualCode = 1011
