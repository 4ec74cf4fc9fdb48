/** Prints what each attack costs: `npm run attack`, or with a word that is in the names of those that are wanted. */
import { attack, type Answered, type Watched } from './attacked.ts'
import { cases } from './cases.ts'
import { controlCases } from './control.ts'

const [wanted = ''] = process.argv.slice(2)
const isWanted = (name: string) => name.includes(wanted)

const tell = (
  name: string,
  requestBytes: number,
  { status, text, bytes, busyMs, addedMegabytes }: Answered & Watched,
) => {
  const cells = [busyMs.toFixed(1), addedMegabytes.toFixed(1), status, bytes, requestBytes, name]
  console.log(cells.map((cell) => String(cell).padStart(8)).join('  '))
  if (status >= 500) console.log(text.slice(0, 500))
}
const sizeOf = (body: string | Uint8Array | undefined) => (body === undefined ? 0 : Buffer.byteLength(body))

console.log('busy ms     MB  status  answer  request')
const attacked = await attack()
for (const round of ['warm', 'told'])
  for (const [name, one] of cases.filter(([name]) => isWanted(name))) {
    const measured = await attacked.measure(one)
    if (round === 'told') tell(name, sizeOf(one.body), measured)
  }
attacked.stop()

for (const [name, { config, before, attack: one }] of Object.entries(controlCases).filter(([name]) => isWanted(name))) {
  const own = await attack(config)
  await before?.(own)
  tell(name, sizeOf(one.body), await own.measure(one))
  own.stop()
}
