/** What to do about a module of an extension that Node does not load. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import * as nodeModule from 'node:module'

/** Where the types of extensions are published; its one function gives what it is given. */
const definitions = 'aoai-simulated-api/extension'
const imported = `data:text/javascript,${encodeURIComponent('export const defineExtension = (extension) => extension')}`
/** The same for a script that requires it; there is no such file. */
const required = 'file:///aoai-simulated-api/extension.cjs'
const requiredSource = 'exports.defineExtension = (extension) => extension'

let hasHook = false

/** Lets a module that lies outside of any project with the package import it all the same. Node 22.15 and later can. */
export function provideDefinitions(): void {
  // Older ones have no such function, whatever the types say.
  const { registerHooks } = nodeModule as Partial<typeof nodeModule>
  if (hasHook || !registerHooks) return
  hasHook = true
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== definitions) return next(specifier, context)
      try {
        return next(specifier, context)
      } catch {
        return context.conditions.includes('require')
          ? { url: required, format: 'commonjs', shortCircuit: true }
          : { url: imported, format: 'module', shortCircuit: true }
      }
    },
    load: (url, context, next) =>
      url === required ? { format: 'commonjs', source: requiredSource, shortCircuit: true } : next(url, context),
  })
}

/** What stands here is not where an extension went wrong. */
export const isOurs = (place: string): boolean => place.startsWith(import.meta.url)

/** Undefined where the error says all by itself. */
export function adviceOn(error: unknown, file: string, version = process.version): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? error.code : undefined
  const isTypeScript = /^\.[mc]?ts$/.test(extname(file))
  if (error.message.includes(definitions))
    return `run npm install aoai-simulated-api beside it, start with Node 22.15 or later (this is ${version}), or leave defineExtension out: it only types what it is given`
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && isTypeScript)
    return `TypeScript needs Node 22.18 or later, and this is ${version}: start with a newer Node, or compile it to JavaScript`
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return 'Node leaves types out and does no more: write no enum, namespace or parameter property, or compile it to JavaScript'
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return 'Node reads no TypeScript below node_modules: compile it to JavaScript'
  if (isOfModules(error)) return moduleAdvice(file)
  return undefined
}

/** What Node says of a module's syntax where it expects a script's, and the other way round. */
const isOfModules = ({ name, message }: Error): boolean =>
  /^Cannot use import statement outside a module|^Unexpected token 'export'|^await is only valid|^Cannot use 'import\.meta' outside/.test(
    message,
  ) ||
  (name === 'ReferenceError' && /^(?:require|module|exports|__dirname|__filename) is not defined/.test(message))

function moduleAdvice(file: string): string {
  const script = /^\.c/.test(extname(file))
  const ending = extname(file).endsWith('ts') ? 'mts' : 'mjs'
  if (script) return `an extension is an ES module: name it .${ending}`
  const { path, type } = packageOf(file)
  if (type === 'module')
    return `${path} says "type": "module", so it is an ES module: write export default { name: '…', … }, and import in place of require`
  return path === undefined
    ? `an extension is an ES module: name it .${ending}`
    : `${path} makes it a CommonJS script, and an extension is an ES module: name it .${ending}, or write "type": "module" there`
}

/** The `package.json` that says what kind of module a file is. */
function packageOf(file: string): { readonly path?: string; readonly type?: unknown } {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path)) return { path, type: typeIn(path) }
    if (dirname(folder) === folder) return {}
  }
}

function typeIn(path: string): unknown {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly type?: unknown }).type
  } catch {
    return undefined
  }
}
