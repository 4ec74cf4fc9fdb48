/**
 * Builds `deploy`, the folder that is sent to Azure: one program in ECMAScript modules with all that it needs from npm
 * in it, `host.json` and a `package.json`. Nothing is installed where it runs. What only some configurations need
 * stands in files of its own below `chunks`, which are read when they are needed. `node scripts/package.mjs command
 * FOLDER` builds the same of the command line, which the Dockerfile puts into its image.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { banner, englishOnly, withoutFetch } from './bundling.mjs'
import { makePage } from './make-page.mjs'
import { makeTables } from './make-tables.mjs'

const root = path.dirname(import.meta.dirname)

/**
 * OpenTelemetry's exporters each pin a patch of the same packages: those that `sdk-metrics` stands on serve them all.
 * @type {import('esbuild').Plugin}
 */
const oneOpenTelemetry = {
  name: 'one-opentelemetry',
  setup: (plugin) => {
    const resolveDir = path.join(root, 'node_modules/@opentelemetry/sdk-metrics')
    plugin.onResolve(
      { filter: /^@opentelemetry\/(core|resources|sdk-metrics)$/ },
      ({ path: name, pluginData, kind }) =>
        pluginData === oneOpenTelemetry
          ? undefined
          : plugin.resolve(name, { resolveDir, kind, pluginData: oneOpenTelemetry }),
    )
  },
}

/**
 * For Azure Functions.
 * @param {string} out the folder, which is made anew
 */
export async function packageApp(out = path.join(root, 'deploy')) {
  await bundle('src/functions/simulator.ts', out)
  cpSync(path.join(root, 'host.json'), path.join(out, 'host.json'))
  // Settings and extensions that are to go with the app, for whoever has such.
  for (const name of ['sim.yaml', 'extensions']) {
    const own = path.join(root, name)
    if (existsSync(own)) cpSync(own, path.join(out, name), { recursive: true })
  }
}

/**
 * The command line with its own host, for a container's image: `node index.mjs start`.
 * @param {string} out the folder, which is made anew
 */
export const packageCommand = (out) => bundle('src/cli/main.ts', out)

/**
 * @param {string} entry
 * @param {string} out
 */
async function bundle(entry, out) {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await makeTables(path.join(root, 'dist/tables'))
  cpSync(path.join(root, 'dist/tables'), path.join(out, 'tables'), { recursive: true })
  await makePage(path.join(out, 'ui'))
  await build({
    absWorkingDir: root,
    entryPoints: { index: entry, extension: 'src/sim/extensions/define.ts' },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    // Of modules only what is used is taken; of CommonJS all.
    mainFields: ['module', 'main'],
    format: 'esm',
    target: 'node22',
    external: ['@azure/functions-core'],
    plugins: [englishOnly, withoutFetch, oneOpenTelemetry],
    // The Functions worker supplies `@azure/functions-core` by patching `require` (Azure/azure-functions-nodejs-library#201).
    banner: { js: banner },
    legalComments: 'linked',
    logLevel: 'warning',
  })
  const { name, version, description, license, type, engines } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  )
  const imports = { '#tables/*': './tables/*', '#ui/*': './ui/*' }
  const exports = { './extension': './extension.mjs', './package.json': './package.json' }
  const main = 'index.mjs'
  const manifest = { name, version, description, license, private: true, type, main, exports, imports, engines }
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
}

if (process.argv[1] === import.meta.filename) {
  const [kind, out] = process.argv.slice(2)
  await (kind === 'command' && out ? packageCommand(path.resolve(out)) : packageApp())
}
