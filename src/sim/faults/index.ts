/** Every fault by its name. */
import type { Plan } from '../types.ts'
import { close } from './close.ts'
import { cut } from './cut.ts'
import { duplicate } from './duplicate.ts'
import { end } from './end.ts'
import { errorEvent } from './error-event.ts'
import { expire } from './expire.ts'
import type { FaultName } from '../config/fault-names.ts'
import type { Fault, FaultContext, FaultWish } from './fault.ts'
import { malformed } from './malformed.ts'
import { noKeepAlive } from './no-keep-alive.ts'
import { refuse } from './refuse.ts'
import { reorder } from './reorder.ts'
import { slowHeaders } from './slow-headers.ts'
import { withSessionFault } from './session.ts'
import { splitCharacter } from './split-character.ts'
import { stall } from './stall.ts'
import { trickle } from './trickle.ts'
import { truncatedArguments } from './truncated-arguments.ts'
import { wrongType } from './wrong-type.ts'

const faults: Readonly<Record<FaultName, Fault>> = {
  cut,
  end,
  stall,
  errorEvent,
  malformed,
  truncatedArguments,
  duplicate,
  reorder,
  splitCharacter,
  trickle,
  slowHeaders,
  wrongType,
  noKeepAlive,
  refuse,
  close,
  expire,
}

export const withFault = (plan: Plan, wish: FaultWish, context: FaultContext): Plan =>
  plan.session && wish.fault !== 'slowHeaders'
    ? { ...plan, session: withSessionFault(plan.session, wish, context) }
    : faults[wish.fault](plan, wish, context)
