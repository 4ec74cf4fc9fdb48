/** The kit for Python, with the real openai package and pytest: its own tests, and the example. */
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildAll } from '../../scripts/build.mjs'
import { python } from '../support/python.ts'

const root = path.resolve(import.meta.dirname, '../..')
const isThere = spawnSync(python, ['-c', 'import openai, pytest']).status === 0
const name = 'the kit for Python'
const unless = isThere ? name : `${name} (skipped: no python3 has openai and pytest)`
if (!isThere) console.warn(unless)

/** As installed, but for the entry point: the plugin is named by hand. */
const pytest = (folder: string, env: Record<string, string> = {}) =>
  promisify(execFile)(
    python,
    ['-m', 'pytest', '-p', 'aoai_simulator.pytest_plugin', '-p', 'no:cacheprovider', '-q', folder],
    {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONPATH: path.join(root, 'python/src'),
        AOAI_SIMULATOR_COMMAND: `${process.execPath} ${path.join(root, 'dist/cli/main.js')}`,
        ...env,
      },
      timeout: 110_000,
    },
  ).then(({ stdout }) => stdout)

describe.skipIf(!isThere)(unless, { timeout: 120_000 }, () => {
  beforeAll(() => buildAll({ onlyIfStale: true }))

  it('passes its own tests, and the example, with a simulator that it starts', async () => {
    expect(await pytest('python/tests')).toMatch(/6 passed/)
    expect(await pytest('examples/tests/test_application.py')).toMatch(/8 passed/)
  })

  it('is what the README shows', () => {
    const example = readFileSync(path.join(root, 'examples/tests/test_application.py'), 'utf8')
    expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain(
      example.slice(example.indexOf('def test_a_canned')),
    )
  })
})
