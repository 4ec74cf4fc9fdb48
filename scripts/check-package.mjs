/**
 * The package as npm would install it: packed, put into an empty folder with versions resolved anew, and tried. First
 * light, where a setting that needs more must ask for it; then with all that settings may need, which must be there under
 * the names that are imported. Needs the npm registry; `npm run build` comes first.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const place = mkdtempSync(path.join(tmpdir(), 'check-package-'))
const maxMegabytes = 80

/** @param {string} message */
const fail = (message) => {
  throw new Error(message)
}
/** @param {string[]} args */
const npm = (...args) => execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: place })

/** @param {string[]} args @param {Record<string, string>} env */
function sim(args, env = {}) {
  const program = path.join(place, 'node_modules/.bin/aoai-sim')
  const { SIMULATOR_API_KEY = 'k' } = process.env
  const { stdout, stderr } = spawnSync(program, args, {
    cwd: place,
    env: { PATH: process.env.PATH ?? '', SIMULATOR_API_KEY, ...env },
    encoding: 'utf8',
  })
  return stdout + stderr
}

/** Each setting that needs a library, with that library. */
const settings = /** @type {const} */ ([
  ['@redis/client', { REDIS_URL: 'redis://127.0.0.1:1' }],
  ['@azure/storage-blob', { SIMULATOR_STATE_CONNECTION_STRING: 'UseDevelopmentStorage=true' }],
  ['@opentelemetry/exporter-metrics-otlp-http', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }],
  [
    '@azure/monitor-opentelemetry-exporter',
    { APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=00000000-0000-0000-0000-000000000001' },
  ],
])

try {
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', place], { cwd: root, encoding: 'utf8' })
  const { version, peerDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  writeFileSync(path.join(place, 'package.json'), '{"private":true}')
  npm('install', path.join(place, packed.trim().split('\n').at(-1) ?? ''))

  if (sim(['--version']).trim() !== version) fail(`--version says ${sim(['--version'])}`)
  if (!sim(['check']).includes('mode: generate')) fail(`check says ${sim(['check'])}`)
  const megabytes = readdirSync(path.join(place, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size / 1e6, 0)
  if (megabytes > maxMegabytes) fail(`it takes ${megabytes.toFixed(0)} MB, more than ${maxMegabytes}`)
  for (const [name, env] of settings)
    if (!sim(['check'], env).includes(`needs the package ${name}: npm install ${name}`))
      fail(`${Object.keys(env)[0]} does not ask for ${name}: ${sim(['check'], env)}`)

  const parts = Object.keys(peerDependencies).filter((name) => name !== 'azure-functions-core-tools')
  npm('install', ...parts.map((name) => `${name}@${peerDependencies[name]}`))
  for (const [, env] of settings) if (!sim(['check'], env).includes('mode: generate')) fail(sim(['check'], env))
  const exporter =
    "const { AzureMonitorMetricExporter: made } = await import('@azure/monitor-opentelemetry-exporter'); if (!made) process.exit(1)"
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', exporter], { cwd: place })
  if (status !== 0) fail('@azure/monitor-opentelemetry-exporter has no AzureMonitorMetricExporter')
  console.log(`The package installs with ${megabytes.toFixed(0)} MB, and asks for what it needs.`)
} finally {
  rmSync(place, { recursive: true, force: true })
}
