/** Modules of extensions as users write them, in folders of their own: loaded, or told what to do. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { keyOfPath } from '../../src/sim/base/operation-key.ts'
import { adviceOn } from '../../src/host/extension-advice.ts'
import { operations } from '../../src/sim/operations/index.ts'

const root = path.resolve(import.meta.dirname, '../..')
const definitions = readFileSync(path.join(root, 'src/sim/extensions/define.ts'), 'utf8')

/** A folder with these files; what lies below it is no project of ours. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'extension-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  return folder
}

/** As a user sees it; from its source, as `dist` may be older. */
function check(files: Readonly<Record<string, string>>, name: string, ...flags: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [...flags, path.join(root, 'src/cli/main.ts'), 'check'], {
    cwd: folderOf(files),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', EXTENSION_PATH: name, SIMULATOR_API_KEY: 'k' },
  })
  return { status, said: stderr.split('\n').filter((line) => line.startsWith('EXTENSION_PATH')) }
}

const typed = `import { defineExtension } from 'aoai-simulated-api/extension'
const name: string = 'mine'
export default defineExtension({ name })`

describe('a module outside of the project', { timeout: 60_000 }, () => {
  it.each([
    ['mine.mts', typed, '{}'],
    ['mine.ts', typed, '{ "type": "module" }'],
    ['mine.mjs', typed.replace(': string', ''), '{}'],
    [
      'mine.cjs',
      "const { defineExtension } = require('aoai-simulated-api/extension')\nmodule.exports = defineExtension({ name: 'mine' })",
      '{}',
    ],
    ['compiled.cjs', "exports.__esModule = true\nexports.default = { name: 'mine' }", '{}'],
  ])('finds what it imports, as %s', (name, text, manifest) => {
    expect(check({ [name]: text, 'package.json': manifest }, name)).toEqual({ status: 0, said: [] })
  })

  it.each([
    ['mine.ts', typed, 'name it .mts, or write "type": "module" there'],
    ['mine.js', "import 'node:fs'\nexport default { name: 'mine' }", 'name it .mjs, or write "type": "module" there'],
  ])('in a CommonJS folder, as %s, is told what to do', (name, text, advice) => {
    const { status, said } = check({ [name]: text, 'package.json': '{ "type": "commonjs" }' }, name)
    expect(status).toBe(1)
    expect(said[0]).toContain('package.json makes it a CommonJS script, and an extension is an ES module')
    expect(said[0]).toContain(advice)
  })

  it('in TypeScript that Node cannot leave out, or below node_modules, is told so', () => {
    const of = (name: string, text: string) => check({ [name]: text, 'package.json': '{}' }, name).said[0]
    expect(of('a.mts', "enum A { B }\nexport default { name: 'mine' }")).toContain('write no enum')
    expect(of('node_modules/a/b.mts', typed)).toContain('compile it to JavaScript')
  })

  it('in TypeScript for a Node that reads none is told which does', () => {
    const error = Object.assign(new TypeError('Unknown file extension ".ts" for /a.ts'), {
      code: 'ERR_UNKNOWN_FILE_EXTENSION',
    })
    expect(adviceOn(error, '/a.ts', 'v22.12.0')).toBe(
      'TypeScript needs Node 22.18 or later, and this is v22.12.0: start with a newer Node, or compile it to JavaScript',
    )
    const missing = new Error("Cannot find package 'aoai-simulated-api/extension' imported from /a.mjs")
    expect(adviceOn(missing, '/a.mjs', 'v22.12.0')).toContain('run npm install aoai-simulated-api beside it')
  })

  it('that lacks something else is told where, and nothing of ours', () => {
    const { said } = check({ 'mine.mjs': "import 'nowhere'\nexport default {}", 'package.json': '{}' }, 'mine.mjs')
    expect(said[0]).toMatch(
      /^EXTENSION_PATH: mine\.mjs cannot be loaded: Cannot find package 'nowhere' imported from \S+$/,
    )
  })
})

/** What the compiler says of each of these modules, written against the published types; of all at once, as it takes its time. */
function compiled(texts: readonly string[]): string[] {
  const { outputText } = ts.transpileDeclaration(definitions, {})
  const manifest = '{ "type": "module", "exports": { "./extension": { "types": "./extension.d.ts" } } }'
  const modules = texts.map((text, at): [string, string] => [
    `mine${at}.ts`,
    `import * as all from 'aoai-simulated-api/extension'\nconst { defineExtension } = all\n${text}`,
  ])
  const folder = folderOf({
    ...Object.fromEntries(modules),
    'package.json': '{ "type": "module" }',
    'node_modules/aoai-simulated-api/package.json': manifest,
    'node_modules/aoai-simulated-api/extension.d.ts': outputText,
  })
  const files = modules.map(([name]) => path.join(folder, name))
  const program = ts.createProgram(files, {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    types: [path.join(root, 'node_modules/@types/node')],
  })
  const types = program.getSourceFiles().filter(({ fileName }) => fileName.endsWith('extension.d.ts'))
  return files.map((file) =>
    [...types, program.getSourceFile(file)]
      .flatMap((source) => program.getSemanticDiagnostics(source))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      .join('\n'),
  )
}

describe('the published types', { timeout: 60_000 }, () => {
  it('name every built-in operation that a limiter may have, and those that say something', () => {
    const names = (type: string) => {
      const [, listed = ''] = new RegExp(`type ${type} =([^\\n]*(?:\\n  \\| [^\\n]*)*)`).exec(definitions) ?? []
      return [...listed.matchAll(/'(\w+)'/g)].map(([, name]) => name).sort()
    }
    const keys = (of: typeof operations) => [...new Set(of.map((one) => keyOfPath(one.path)))].sort()
    expect(names('BuiltInOperation')).toEqual(keys(operations))
    expect(names('SayingOperation')).toEqual(keys(operations.filter((one) => 'isSaid' in one)))
  })

  it('take every part, with limiters of its own operations and of built-in ones, and refuse names that nothing has', () => {
    const right = `
      export default defineExtension({
        name: 'mine',
        operations: [
          { name: 'echo', method: 'POST', path: '/echo', handle: async (request, { now }) => ({ body: (await request.text()) + now() }) },
          { name: 'list', path: '/list', handle: () => ({ status: 202, headers: { a: 'b' }, body: { a: [1] }, afterMs: 5 }) },
        ],
        generators: { chatCompletions: ({ messages }) => messages[0]?.text, messages: () => ({ text: 'a', finishReason: 'stop' }) },
        limiters: { echo: () => ({ ok: true }), embeddings: () => undefined, responses: () => ({ ok: false, retryAfterMs: 1 }) },
        latency: () => ({ each: { meanMs: 1 } }),
        onRequest: async (request) => ((await request.json()) ? { status: 403 } : undefined),
        onResponse: ({ status }) => ({ headers: { seen: String(status) } }),
        forwarders: [{ name: 'f', path: '/f/', endpoint: 'https://f.test', signIn: () => ({ a: 'b' }), keep: ({ status }) => status === 200 }],
      })
      export const annotated: all.Extension = { name: 'mine', operations: [{ name: 'echo', path: '/echo', handle: () => ({}) }] }
    `
    const wrong = [
      ["generators: { chat: () => 'x' }", "'chat' does not exist"],
      ["generators: { embeddings: () => 'x' }", "'embeddings' does not exist"],
      ['limiters: { chatCompletion: () => ({ ok: true }) }', "'chatCompletion' does not exist"],
      [
        "operations: [{ name: 'echo', path: '/echo', handle: () => ({}) }], limiters: { ecko: () => ({ ok: true }) }",
        "'ecko' does not exist",
      ],
      ["operations: [{ name: 'echo', method: 'FETCH', path: '/echo', handle: () => ({}) }]", '"FETCH"'],
      ['limiters: { embeddings: () => ({ ok: false }) }', 'retryAfterMs'],
    ] as const
    const modules = wrong.map(([part]) => `export default defineExtension({ name: 'mine', ${part} })`)
    const [ofRight, ...ofWrong] = compiled([right, ...modules])
    expect(ofRight).toBe('')
    for (const [at, [part, said]] of wrong.entries())
      expect([part, ofWrong[at]]).toEqual([part, expect.stringContaining(said)])
  })
})
