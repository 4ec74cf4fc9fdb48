/** The suite of openai-node, with the SDK that is installed here. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf } from './suite.ts'
import type { Suite } from './suite.ts'

/** Tests of what Azure has. The others are about administration, about what Azure never had or has removed, or use no server. */
const surfaces = [
  ...['audio', 'batches.test.ts', 'chat', 'completions.test.ts', 'containers', 'conversations', 'embeddings.test.ts'],
  ...['evals', 'files.test.ts', 'fine-tuning/jobs', 'fine-tuning/alpha', 'images.test.ts', 'models.test.ts'],
  ...['realtime/client-secrets.test.ts', 'responses', 'uploads', 'vector-stores', 'videos.test.ts'],
]

/** Parts of these surfaces that Azure lacks (its description of v1 has no such path). */
const absent = [/images createVariation/, /models delete/, /videos (?:createCharacter|getCharacter|edit|extend)/]

type Report = {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

export const runNodeSuite: Suite = async ({ checkout, url, isVerbose }) => {
  const root = join(import.meta.dirname, '..', '..')
  // Below this project, so that the tests find its SDK.
  const copy = join(root, 'node_modules', '.official-suites')
  const resources = join('tests', 'api-resources')
  const result = join(copy, 'result.json')
  const config = join(copy, 'vitest.config.mjs')
  const setup = join(copy, 'setup.mjs')
  rmSync(copy, { recursive: true, force: true })
  for (const surface of [...surfaces, ...['float', 'base64'].map((kind) => `embeddings-${kind}-response.json`)]) {
    const to = join(copy, 'api-resources', surface)
    mkdirSync(join(to, '..'), { recursive: true })
    cpSync(join(checkout, resources, surface), to, { recursive: true })
  }
  writeFileSync(setup, "import { vi } from 'vitest'\nglobalThis.jest = vi\n")
  const [setupFiles, dir, reporters] = [[setup], copy, [['json', { outputFile: result }]]]
  const settings = {
    globals: true,
    setupFiles,
    include: ['**/*.test.ts'],
    exclude: [],
    dir,
    testTimeout: 20_000,
    reporters,
  }
  writeFileSync(config, `export default ${JSON.stringify({ test: settings })}\n`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  await outputOf(process.execPath, [vitest, 'run', '--root', copy, '--config', config], {
    folder: copy,
    url,
    isVerbose,
  })
  const report = JSON.parse(readFileSync(result, 'utf8')) as Report
  rmSync(copy, { recursive: true, force: true })
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, fullName }) => /^(?:passed|failed)$/.test(status) && !absent.some((one) => one.test(fullName)))
      .map(({ fullName, status, failureMessages }) => ({
        name: `${name.slice(copy.length + 1)}: ${fullName}`,
        hasPassed: status === 'passed',
        why: (failureMessages[0] ?? '').split('\n')[0] ?? '',
      })),
  )
}
