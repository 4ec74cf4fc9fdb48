/** What both builds do to the packages and the parts of Node that they take in, for a quick start. */
import http from 'node:http'
import path from 'node:path'

/**
 * Zod brings its messages in fifty languages; ours are our own, its English ones stand behind them.
 * @type {import('esbuild').Plugin}
 */
export const englishOnly = {
  name: 'english-only',
  setup: (plugin) =>
    plugin.onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer, resolveDir }) =>
      /[\\/]zod[\\/]v4[\\/]/.test(importer) ? { path: path.resolve(resolveDir, '../locales/en.js') } : undefined,
    ),
}

/**
 * A module that imports `node:http` makes Node read all that it exports, `WebSocket` among it, which loads the whole of
 * `fetch` and HTTP/2: more than a tenth of a cold start. Asked for as below, these wait until somebody needs them; and
 * `node:https`, with all of TLS, waits for the first call.
 */
const parts = {
  http: Object.entries(Object.getOwnPropertyDescriptors(http))
    .filter(([, property]) => property.get === undefined)
    .map(([name]) => `export const ${name} = process.getBuiltinModule('node:http').${name}`),
  https: [
    "const part = () => process.getBuiltinModule('node:https')",
    ...['createServer', 'get', 'request'].map(
      (name) => `export const ${name} = (...given) => part().${name}(...given)`,
    ),
    'export function Agent(...given) { return new (part().Agent)(...given) }',
  ],
}

/** @type {import('esbuild').Plugin} */
export const withoutFetch = {
  name: 'without-fetch',
  setup: (plugin) => {
    // Packages keep theirs: those that a start needs ask by `require`, which reads nothing else.
    plugin.onResolve({ filter: /^node:https?$/ }, ({ path: name, importer }) =>
      /[\\/]node_modules[\\/]/.test(importer)
        ? undefined
        : { path: name.replace('node:', ''), namespace: 'part-of-node' },
    )
    plugin.onLoad({ filter: /.*/, namespace: 'part-of-node' }, ({ path: name }) => ({
      contents: parts[/** @type {keyof typeof parts} */ (name)].join('\n'),
    }))
  },
}

/** For packages in CommonJS, which ask for their parts by `require`: a module does not have it. */
export const banner = `import { createRequire as createRequireHere } from 'node:module'
const require = createRequireHere(import.meta.url)`
