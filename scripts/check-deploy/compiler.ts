/**
 * Runs Bicep's own compiler, if there is one: types, names, format, and a snapshot of the deployment. Every message counts as a
 * problem, because most mistakes in types are only warnings.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import type { Problem } from './problem.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The one that `dotnet` fetches. */
const version = '0.49.2'

/** `$BICEP`, `bicep` on the path, or NuGet's if `dotnet` is installed; otherwise `undefined`. */
export function findCompiler(env: Environment = process.env): string | undefined {
  if (env['BICEP']) return env['BICEP']
  const runs = (command: string) => spawnSync(command, ['--version'], { stdio: 'ignore', env }).status === 0
  if (runs('bicep')) return 'bicep'
  return runs('dotnet') ? fetchedCompiler(env) : undefined
}

const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'osx', win32: 'win' }

function fetchedCompiler(env: Environment): string | undefined {
  const name = `azure.bicep.commandline.${systems[process.platform] ?? process.platform}-${process.arch}`
  const packages = env['NUGET_PACKAGES'] ?? path.join(homedir(), '.nuget/packages')
  const find = () => globSync(path.join(packages, name, version, '**/bicep{,.exe}'))[0]
  const found = find()
  if (found !== undefined) return found
  const folder = mkdtempSync(path.join(tmpdir(), 'bicep-'))
  try {
    const project = path.join(folder, 'bicep.csproj')
    writeFileSync(
      project,
      `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>` +
        `<ItemGroup><PackageDownload Include="${name}" Version="[${version}]" /></ItemGroup></Project>`,
    )
    spawnSync('dotnet', ['restore', project], { stdio: 'ignore', env })
    return find()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each target, without and with all options. */
const everything = "param vnetEnabled = true\nparam redisEnabled = true\nparam openAiAccountName = 'my-openai'\n"
const deployments = ['function', 'containerapp'].flatMap((target) => [
  { name: target, parameters: `param target = '${target}'\n` },
  { name: `${target} with all options`, parameters: `param target = '${target}'\n${everything}` },
])
const required =
  "param environmentName = 'check'\nparam location = 'westeurope'\nparam simulatorApiKey = 'no-real-key-no-key'\n"

/** `root` has the folder `bicep`, which is left as it is. */
export function checkByCompiler(root: string, compiler: string): readonly Problem[] {
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr, error } = spawnSync(compiler, args, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64e6,
    })
    return { hasFailed: status !== 0, text: stdout, said: error ? error.message : stderr.trim() }
  }
  const file = 'bicep/main.bicep'
  const problems: Problem[] = []
  const built = run('build', file, '--stdout')
  if (built.said !== '' || built.hasFailed) problems.push({ file, message: `the compiler says: ${built.said}` })
  for (const name of globSync('bicep/**/*.bicep', { cwd: root })
    .map((one) => one.split(path.sep).join('/'))
    .sort()) {
    const formatted = run('format', name, '--stdout')
    if (formatted.hasFailed || formatted.text.trimEnd() !== readFileSync(path.join(root, name), 'utf8').trimEnd())
      problems.push({ file: name, message: `is not formatted: bicep format ${name}` })
  }
  // A snapshot needs code that compiles.
  return problems.length > 0 ? problems : deployments.flatMap((deployment) => predict(root, run, deployment))
}

type Run = (...args: readonly string[]) => { readonly hasFailed: boolean; readonly said: string }
type Deployment = (typeof deployments)[number]

function predict(root: string, run: Run, { name, parameters }: Deployment): readonly Problem[] {
  const file = 'bicep/main.bicep'
  const folder = mkdtempSync(path.join(tmpdir(), 'bicep-'))
  try {
    const asked = path.join(folder, 'check.bicepparam')
    const main = path.relative(folder, path.resolve(root, file)).split(path.sep).join('/')
    writeFileSync(asked, `using '${main}'\n${required}${parameters}`)
    const subscription = '00000000-0000-0000-0000-000000000001'
    const context = ['--subscription-id', subscription, '--location', 'westeurope', '--deployment-name', 'check']
    const { hasFailed, said } = run('snapshot', asked, '--mode', 'overwrite', ...context)
    if (hasFailed || said !== '') return [{ file, message: `snapshot of ${name}: ${said || 'failed'}` }]
    const made = JSON.parse(readFileSync(path.join(folder, 'check.snapshot.json'), 'utf8')) as Snapshot
    return made.diagnostics.map((one) => ({
      file,
      message: `snapshot of ${name}: ${typeof one === 'string' ? one : JSON.stringify(one)}`,
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Snapshot = { readonly diagnostics: readonly unknown[] }
