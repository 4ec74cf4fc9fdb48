/** `npm run check:deploy`: prints each problem on its own line, and fails if there is one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packageApp } from '../package.mjs'
import { checkDeployment } from './check.ts'
import { checkByCompiler, findCompiler } from './compiler.ts'
import { toLine } from './problem.ts'

const root = path.resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'check-deploy-'))
try {
  await packageApp(folder)
  const compiler = findCompiler()
  if (compiler === undefined)
    console.log('Skipped types, names and format of bicep/: install bicep or dotnet, or set $BICEP to the compiler.')
  const compiled = compiler === undefined ? [] : checkByCompiler(root, compiler)
  const problems = [...(await checkDeployment(root, folder)), ...compiled]
  for (const problem of problems) console.error(toLine(problem))
  console.log(problems.length === 0 ? 'No problems found in the deployment.' : '')
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
