/** Prints what each attack costs: `npm run attack`, or with a word that is in the names of those that are wanted. */
import { attack } from './attacked.ts'
import { cases } from './cases.ts'

const [wanted = ''] = process.argv.slice(2)
const attacked = await attack()
for (const round of ['warm', 'told'])
  for (const [name, one] of cases.filter(([name]) => name.includes(wanted))) {
    const { status, text, bytes, busyMs, addedMegabytes } = await attacked.measure(one)
    const cells = [busyMs.toFixed(1), addedMegabytes.toFixed(1), status, bytes, (one.body ?? '').length, name]
    if (round === 'told') console.log(cells.map((cell) => String(cell).padStart(8)).join('  '))
    if (status >= 500) console.log(text.slice(0, 500))
  }
attacked.stop()
