/**
 * Builds `dist`: the Functions entry, the command line, and the tokenizers' tables. Types are checked by `npm run
 * types`, not here, so that a start is quick.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { banner, englishOnly, withoutFetch } from './bundling.mjs'
import { makePage } from './make-page.mjs'
import { makeTables } from './make-tables.mjs'
import { settingsTypes } from './settings-types.mjs'

const root = path.dirname(import.meta.dirname)
const out = path.join(root, 'dist')
const definitions = 'src/sim/extensions/define.ts'

/** The newest change below `folder`, in milliseconds.
 * @param {string} folder
 */
function newest(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs), 0)
}

function isFresh() {
  const built = statSync(path.join(out, 'cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return built > Math.max(newest(path.join(root, 'src')), newest(path.join(root, 'scripts')))
}

export async function buildAll({ onlyIfStale = false } = {}) {
  if (onlyIfStale && isFresh()) return
  for (const folder of ['functions', 'cli', 'chunks']) rmSync(path.join(out, folder), { recursive: true, force: true })
  await makeTables(path.join(out, 'tables'))
  await makePage(path.join(out, 'ui'))
  await build({
    absWorkingDir: root,
    entryPoints: {
      'functions/simulator': 'src/functions/simulator.ts',
      'cli/main': 'src/cli/main.ts',
      extension: definitions,
      testing: 'src/testing/index.ts',
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: externals(),
    // Of modules only what is used is taken; of CommonJS all.
    mainFields: ['module', 'main'],
    plugins: [englishOnly, withoutFetch],
    banner: { js: banner },
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: true,
    logLevel: 'warning',
  })
  chmodSync(path.join(out, 'cli/main.js'), 0o755)
  await writeTypes()
}

/** These each start or the first look at the metrics needs: it finds and reads hundreds of files less where they are within ours. */
const bundled = new Set([
  '@opentelemetry/api',
  '@opentelemetry/exporter-prometheus',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  'busboy',
  'canonicalize',
  'commander',
  'fastest-levenshtein',
  'js-yaml',
  're2js',
  'ws',
  'zod',
])

/** All other packages, which stay where npm puts them. */
function externals() {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  return Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !bundled.has(name))
}

/**
 * The types that extensions are written against name nothing else, so they are made without the compiler's program. A
 * light install has no compiler, and a start needs no types.
 */
async function writeTypes() {
  if (!existsSync(path.join(root, 'node_modules/typescript'))) return
  const { default: ts } = await import('typescript')
  const { outputText } = ts.transpileDeclaration(readFileSync(path.join(root, definitions), 'utf8'), {})
  writeFileSync(path.join(out, 'extension.d.ts'), outputText)
  // Of the kit for tests: what a test sees, with the type of every setting.
  const folder = path.join(out, 'testing')
  mkdirSync(folder, { recursive: true })
  for (const name of ['index', 'requests', 'types', 'verdict', 'world']) {
    const file = path.join(root, 'src/testing', `${name}.ts`)
    const made = ts.transpileDeclaration(readFileSync(file, 'utf8'), { fileName: file }).outputText
    writeFileSync(path.join(folder, `${name}.d.ts`), made.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
  }
  writeFileSync(path.join(folder, 'settings.d.ts'), settingsTypes())
}

if (process.argv[1] === import.meta.filename) await buildAll()
