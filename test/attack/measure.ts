/**
 * Prints what each attack costs, in a simulator that is new and once more, and marks what is above the promise:
 * `npm run attack`, or with a word that is in the names of those that are wanted. Run it on a quiet machine.
 */
import { attack, type Answered, type Attacked, type Watched } from './attacked.ts'
import { cases } from './cases.ts'
import { controlCases } from './control.ts'
import { promised } from './cost.ts'
import { wideAttacks, wideCases } from './wide.ts'

type Told = Answered & Watched

const [wanted = ''] = process.argv.slice(2)
const wantedOf = <T>(all: readonly (readonly [string, T])[]) => all.filter(([name]) => name.includes(wanted))

const isAbove = ({ busyMs, addedMegabytes }: Watched) =>
  busyMs > promised.maxBusyMs || addedMegabytes > promised.maxAddedMegabytes

function tell(name: string, first: Told, again: Told): void {
  const mark = isAbove(again) ? '!' : isAbove(first) ? '?' : ' '
  const costs = [first, again].flatMap(({ busyMs, addedMegabytes }) => [busyMs.toFixed(1), addedMegabytes.toFixed(1)])
  const cells = [...costs, again.status, again.bytes].map((cell) => String(cell).padStart(8))
  console.log(`${cells.join('  ')}  ${mark} ${name}`)
  for (const { status, text } of [first, again]) if (status >= 500) console.log(text.slice(0, 500))
}

async function inOne(list: typeof cases): Promise<void> {
  const attacked = await attack()
  const firsts: Told[] = []
  for (const [, one] of list) firsts.push(await attacked.measure(one))
  for (const [at, [name, one]] of list.entries()) tell(name, firsts[at] as Told, await attacked.measure(one))
  attacked.stop()
}

async function alone(name: string, config: object | undefined, twice: (one: Attacked) => Promise<Told>) {
  const attacked = await attack(config)
  tell(name, await twice(attacked), await twice(attacked))
  attacked.stop()
}

console.log('busy ms        MB     again        MB    status    answer')
await inOne(wantedOf([...cases, ...Object.entries(wideAttacks)]))
for (const [name, { config, before, attack: one }] of wantedOf(Object.entries(controlCases)))
  await alone(name, config, async (attacked) => {
    await before?.(attacked)
    return attacked.measure(one)
  })
for (const [name, { config, before, attack: one }] of wantedOf(Object.entries(wideCases)))
  await alone(name, config, async (attacked) => {
    await before?.(attacked)
    return attacked.measure(() => one(attacked))
  })
