/**
 * Azurite's Blob service on 127.0.0.1, for recordings in a container without a cloud: `npm run azurite`.
 * `--port N` for another port (0: any free one), `--memory` to keep nothing. What it keeps is in `.azurite`.
 */
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '10000' }, memory: { type: 'boolean', default: false } },
})
const location = path.join(path.dirname(import.meta.dirname), '.azurite')

// Its command reads the arguments of the process. The newest SDK may speak a version that Azurite does not know yet.
process.argv = [
  ...process.argv.slice(0, 2),
  ...['--blobHost', '127.0.0.1', '--blobPort', values.port, '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
  ...(values.memory ? ['--inMemoryPersistence'] : ['--location', location]),
]
createRequire(import.meta.url)('azurite/dist/src/blob/main.js')
