/** What is simulated, asked for in many wrong ways by a fuzzer that reads its published description. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import { serverLimits } from '../support/hosts.ts'
import { python } from '../support/python.ts'
import { testSimulator } from '../support/simulator.ts'

const isMissing = spawnSync(python, ['-c', 'import schemathesis']).status !== 0
const name = 'schemathesis' + (isMissing ? ' (skipped: no python3 has test/clients/python/schemathesis.txt)' : '')
if (isMissing) console.warn(name)

/** An hour for a night: `FUZZ_SECONDS`. */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 45)

describe.skipIf(isMissing)(name, () => {
  it(
    'finds nothing that the simulator fails to answer',
    async () => {
      const simulator = testSimulator()
      const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
      onTestFinished(host.stop)
      const folder = mkdtempSync(join(tmpdir(), 'schemathesis-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const description = join(folder, 'openapi.json')
      writeFileSync(description, await (await simulator.request('/++/openapi.json')).text())
      const program = python === 'python3' ? 'schemathesis' : join(dirname(python), 'schemathesis')
      const told = [
        ...['run', description, '--url', host.url, '--header', 'api-key: test-key', '--checks', 'not_a_server_error'],
        ...['--phases', 'fuzzing', '--max-time', String(seconds), '--max-examples', seconds > 60 ? '2000' : '3'],
        ...[
          '--no-shrink',
          '--warnings',
          'off',
          '--request-timeout',
          '60',
          '--suppress-health-check',
          'all',
          '--no-color',
        ],
        ...(process.env['FUZZ_SEED'] ? ['--seed', process.env['FUZZ_SEED']] : []),
      ]
      const { stdout } = await promisify(execFile)(program, told, { cwd: folder, maxBuffer: 64e6 }).catch(
        (error: unknown) => ({ stdout: (error as { stdout: string }).stdout + String(error) }),
      )
      expect(stdout).toMatch(/No issues found/)
      expect(Number(/(\d+) generated, \1 passed/.exec(stdout)?.[1])).toBeGreaterThan(50)
      expect(simulator.errors).toEqual([])
    },
    (seconds + 90) * 1_000,
  )
})
