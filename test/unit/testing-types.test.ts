/** The kit's types are written by hand, so that they name no other file: they say what the settings say. */
import { expect, it } from 'vitest'
import type { ErrorName } from '../../src/sim/config/error-names.ts'
import type { FaultName } from '../../src/sim/config/fault-names.ts'
import { operationNames, sayers, streamers } from '../../src/sim/config/operation-names.ts'
import type { Rule as OurRule, Then as OurThen, When as OurWhen } from '../../src/sim/config/rules.ts'
import type * as Kit from '../../src/testing/types.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

it('have the names that there are, and take each rule that there may be', () => {
  const faults: Same<FaultName, Kit.FaultName> = true
  const errors: Same<ErrorName, Kit.ErrorName> = true
  const conditions: Same<keyof OurWhen, keyof Kit.When> = true
  const changes: Same<keyof OurThen, keyof Kit.Then> = true
  const keys: Same<keyof OurRule, keyof Kit.Rule> = true
  const taken = (rule: OurRule): Kit.Rule => rule
  expect([faults, errors, conditions, changes, keys, typeof taken]).toEqual([true, true, true, true, true, 'function'])
  const known: readonly Kit.OperationName[] = operationNames
  expect(known).toEqual(expect.arrayContaining([...sayers, ...streamers]))
})
