/** Writes documents into the folder of its first argument until it is killed; says when it has begun. */
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { fileStore } from '../../src/sim/recordings/file-store.ts'
import { systemClock } from '../../src/sim/clock.ts'
import { exampleInteraction, exampleSought } from './interactions.ts'

const [folder = '', start = '0'] = process.argv.slice(2)
const recordings = createRecordings({ store: fileStore(folder), clock: systemClock() })
// Beside the document, so that a kill may also come between the two.
const bytes = new Uint8Array(2_000_000).fill(255)
for (let count = Number(start); ; count++) {
  bytes[0] = count % 256
  await recordings.add(exampleInteraction({ kind: 'bytes', bytes }), exampleSought(`request ${count}`))
  if (count === Number(start)) process.stdout.write('begun\n')
}
