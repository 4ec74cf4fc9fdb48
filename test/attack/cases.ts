/** Every attack by its name: what one request of a tester can ask for. */
import type { Attack } from './attacked.ts'
import { longAttacks } from './long.ts'
import { schemas, ways } from './schemas.ts'

export type Case = readonly [name: string, attack: Attack]

export const schemaCases: readonly Case[] = Object.entries(schemas).flatMap(([what, schema]) =>
  Object.entries(ways).map(([way, attack]): Case => [`${what} (${way})`, attack(schema)]),
)

export const longCases: readonly Case[] = Object.entries(longAttacks)

export const cases: readonly Case[] = [...schemaCases, ...longCases]
