/** The examples of tests, run by the programs that they are for, with the package as it is built. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildAll } from '../../scripts/build.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const run = (args: readonly string[], env = {}) =>
  promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...env },
    timeout: 100_000,
  }).then(({ stdout, stderr }) => stdout + stderr)

/** Not of the project: it is fetched where it is wanted (npm install --no-save jest). */
const jest = path.join(root, 'node_modules/jest/bin/jest.js')
const ofJest = 'run with Jest itself'

beforeAll(() => buildAll({ onlyIfStale: true }))

describe('the examples of tests', { timeout: 120_000 }, () => {
  it('run with the test runner of Node', async () => {
    expect(await run(['--test', 'examples/tests/node.test.ts'])).toMatch(/pass 2\n[^]*fail 0\n/)
  })

  it('run as Jest would run them: with what vitest has of the same', async () => {
    const config = path.join(mkdtempSync(path.join(tmpdir(), 'jest-')), 'vitest.config.mjs')
    const alias = { '@jest/globals': 'vitest', 'aoai-simulated-api/testing': path.join(root, 'dist/testing.js') }
    const test = { include: ['examples/tests/jest.test.ts'] }
    writeFileSync(config, `export default ${JSON.stringify({ root, resolve: { alias }, test })}`)
    expect(await run(['node_modules/vitest/vitest.mjs', 'run', '--config', config])).toMatch(/Tests +1 passed/)
    rmSync(path.dirname(config), { recursive: true })
  })

  it.skipIf(!existsSync(jest))(
    existsSync(jest) ? ofJest : `${ofJest} (skipped: npm install --no-save jest)`,
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'jest-'))
      const transform = path.join(folder, 'transform.cjs')
      writeFileSync(
        transform,
        `const { transformSync } = require(${JSON.stringify(path.join(root, 'node_modules/esbuild'))})
        const process = (text) => ({ code: transformSync(text, { loader: 'ts', format: 'esm', target: 'esnext' }).code })
        module.exports = { process }`,
      )
      const config = {
        rootDir: root,
        roots: [path.join(root, 'examples/tests')],
        testMatch: ['**/jest.test.ts'],
        transform: { '\\.ts$': transform },
        extensionsToTreatAsEsm: ['.ts'],
        moduleNameMapper: { '^aoai-simulated-api/testing$': path.join(root, 'dist/testing.js') },
        testTimeout: 60_000,
        cacheDirectory: path.join(folder, 'cache'),
      }
      const file = path.join(folder, 'jest.config.json')
      writeFileSync(file, JSON.stringify(config))
      const said = await run(['--experimental-vm-modules', '--no-warnings', jest, '--config', file])
      expect(said).toMatch(/Tests: +1 passed/)
      rmSync(folder, { recursive: true })
    },
  )

  it('run with Playwright', async () => {
    const output = mkdtempSync(path.join(tmpdir(), 'playwright-'))
    const flags = ['--reporter=line', '--workers=1', `--output=${output}`]
    const file = 'examples/tests/playwright.spec.ts'
    expect(await run(['node_modules/@playwright/test/cli.js', 'test', file, ...flags])).toMatch(/2 passed/)
    rmSync(output, { recursive: true, force: true })
  })
})

describe('the types of the kit, as they are published', { timeout: 120_000 }, () => {
  const problemsOf = (text: string): readonly string[] => {
    const folder = mkdtempSync(path.join(root, 'node_modules/.types-'))
    const file = path.join(folder, 'asked.ts')
    writeFileSync(file, `import { startSimulator } from 'aoai-simulated-api/testing'\n${text}\nexport {}\n`)
    try {
      const program = ts.createProgram([file], {
        strict: true,
        noEmit: true,
        target: ts.ScriptTarget.ESNext,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        paths: { 'aoai-simulated-api/testing': [path.join(root, 'dist/testing/index.d.ts')] },
        types: ['node'],
        typeRoots: [path.join(root, 'node_modules/@types')],
        lib: ['lib.esnext.d.ts'],
      })
      return ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('take what is right', () => {
    const right = `
      const simulator = await startSimulator(
        { mode: 'generate', latency: { chatCompletions: { interToken: '5ms' } }, deployments: { a: { model: 'gpt-4o', sku: 'GlobalStandard', capacity: 10 } },
          timeline: { phases: [{ name: 'a', for: '1min', rules: [{ then: { error: 'serverError' } }] }] } },
        { port: 'none' })
      await using session = await simulator.session({ lifetime: '5min', rules: [{ when: { call: '1..2', operation: ['chatCompletions', 'mine'] }, then: { fault: 'cut', after: { tokens: 2 } } }] })
      const { expectations } = await session.expect([{ when: { prompt: 'x' }, status: [200, 429], count: { min: 1 } }], { inOrder: true })
      const seen: number | undefined = expectations[0]?.seen
      session.requests({ rule: 'x' }).then(([first]) => first?.request?.body)
      void seen`
    expect(problemsOf(right)).toEqual([])
  })

  it.each([
    ["await startSimulator({ mod: 'generate' })", /'mod'.*|mode/],
    ["await startSimulator({ mode: 'generated' })", /generated/],
    ["await startSimulator({ deployments: { a: { modl: 'gpt-4o' } } })", /modl/],
    ["(await startSimulator()).rules.add({ then: { fault: 'cutt' } })", /cutt/],
    ["(await startSimulator()).rules.add({ when: { promt: 'x' }, then: { text: 'x' } })", /promt/],
    ['(await startSimulator()).expect({ when: { call: 2 } })', /call/],
  ])('refuse %s', (text, said) => {
    expect(problemsOf(text).join('\n')).toMatch(said)
  })
})
