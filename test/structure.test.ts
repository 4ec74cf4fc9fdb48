/** Holds the house's rules: layers, circles, sizes, the list of operations, and who may touch the clock. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { operations } from '../src/sim/operations/index.ts'

const root = path.dirname(import.meta.dirname)
const source = path.join(root, 'src')

type Import = { readonly to: string; readonly isTypeOnly: boolean; readonly names: readonly string[] }
type File = { readonly name: string; readonly text: string; readonly imports: readonly Import[] }

const files: readonly File[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => name.split(path.sep).join('/'))
  .map((name) => {
    const text = readFileSync(path.join(source, name), 'utf8')
    return { name, text, imports: importsOf(name, text) }
  })

function importsOf(from: string, text: string): Import[] {
  const pattern =
    /^(?:import|export)\s+(type\s+)?([^'"]*?)from\s+['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/gm
  return [...text.matchAll(pattern)].map(([, type, names = '', plain, dynamic]) => ({
    to: path.posix.normalize(path.posix.join(path.posix.dirname(from), plain ?? dynamic ?? '')),
    isTypeOnly: type !== undefined || (names.includes('{') && namesIn(names).every((name) => name.startsWith('type '))),
    // What is loaded when it is needed, or as a whole, may be used in all its parts.
    names: names.includes('{') ? namesIn(names).map((name) => name.replace(/^type |\sas\s.*/g, '')) : ['*'],
  }))
}

function namesIn(names: string): string[] {
  return names
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** From the top down; a file may import from what stands below it, and from its own folder. */
const layers: readonly (readonly string[])[] = [
  ['functions', 'cli', 'ui', 'testing'],
  ['host'],
  ['sim/index.ts'],
  ['sim/wiring'],
  ['sim/pipeline.ts', 'sim/admin'],
  ['sim/ruled.ts', 'sim/spillover.ts'],
  ['sim/answered.ts'],
  ['sim/exchange.ts'],
  ['sim/modes'],
  ['sim/operations', 'sim/forwarders', 'sim/extensions', 'sim/state', 'sim/rules'],
  ['sim/live'],
  ['sim/kept'],
  ['sim/answers', 'sim/faults'],
  ['sim/measure', 'sim/verdict'],
  ['sim/families'],
  [
    'sim/config',
    'sim/generators',
    'sim/http',
    'sim/limits',
    'sim/models',
    'sim/recordings',
    'sim/timing',
    'sim/metrics',
  ],
  ['sim/azure', 'sim/storage'],
  [
    'sim/types.ts',
    'sim/operation.ts',
    'sim/errors.ts',
    'sim/errors',
    'sim/clock.ts',
    'sim/random.ts',
    'sim/snapshot.ts',
    'sim/base',
  ],
]

/** What the package gives to extensions, and what scripts and tests alone import. */
const forOthers = [
  'testing/index.ts startSimulator',
  'testing/index.ts connect',
  'testing/index.ts simulatorFixtures',
  'sim/config/variables.ts variables',
  'sim/extensions/define.ts defineExtension',
  'sim/models/tokenizer.ts encodeTokens',
  'sim/models/tokenizer.ts loadEncoding',
]

/**
 * Names that two files export on purpose. The package's types for tests are written out, without zod, for what the control
 * API speaks of, under the name that it has in the settings. A `Simulator` is one as its host drives it, and as a test does.
 */
const meantTwice = [
  'ErrorName',
  'Expectation',
  'FaultName',
  'KnownRule',
  'Level',
  'McpServer',
  'Rule',
  'Settings',
  'Simulator',
  'Then',
  'Verdict',
  'When',
]

const roomOf = (name: string) => {
  for (const [level, rooms] of layers.entries())
    for (const room of rooms) if (name === room || name.startsWith(`${room}/`)) return { level, room }
  return undefined
}

const values = (file: File) => file.imports.filter(({ isTypeOnly }) => !isTypeOnly)

describe('the house', () => {
  it('finds the source it speaks of', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(100)
  })

  it('has a room for every file', () => {
    expect(files.filter(({ name }) => roomOf(name) === undefined).map(({ name }) => name)).toEqual([])
  })

  it('imports down only, never sideways, never up', () => {
    const wrong = files.flatMap((file) => {
      const from = roomOf(file.name)
      return values(file)
        .filter(({ to }) => {
          const target = roomOf(to)
          return from && target && target.room !== from.room && target.level <= from.level
        })
        .filter(({ to }) => !isFloor(file.name, to))
        .map(({ to }) => `${file.name} -> ${to}`)
    })
    expect(wrong).toEqual([])
  })

  it('lets nobody outside sim import below its door', () => {
    const wrong = files
      .filter(({ name }) => !name.startsWith('sim/'))
      .flatMap((file) =>
        values(file)
          .filter(({ to }) => to.startsWith('sim/') && to !== 'sim/index.ts')
          .map(({ to }) => `${file.name} -> ${to}`),
      )
    expect(wrong).toEqual([])
  })

  it('has no circle of imports', () => {
    const byName = new Map(files.map((file) => [file.name, file]))
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (name: string, trail: readonly string[]) => {
      if (trail.includes(name)) circles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '))
      if (done.has(name) || trail.includes(name)) return
      for (const { to } of values(byName.get(name) ?? { name, text: '', imports: [] })) visit(to, [...trail, name])
      done.add(name)
    }
    for (const { name } of files) visit(name, [])
    expect(circles).toEqual([])
  })

  it('keeps every file a page: 350 lines, the pipeline 100', () => {
    const long = files
      .map(({ name, text }) => ({ name, lines: text.split('\n').length - 1 }))
      .filter(({ name, lines }) => lines > (name === 'sim/pipeline.ts' ? 100 : 350))
    expect(long).toEqual([])
  })

  it('lists every operation', () => {
    const declared = files
      .filter(({ name }) => name.startsWith('sim/operations/'))
      .flatMap(({ text }) => [...text.matchAll(/^(?:export )?const (\w+): (?:Resource)?Operation\b/gm)])
      .map(([, name = '']) => name)
    const list = files.find(({ name }) => name === 'sim/operations/index.ts')?.text ?? ''
    const listed = [...(/AnyOperation\[\] = \[([^\]]*)\]/.exec(list)?.[1]?.matchAll(/\w+/g) ?? [])].map(
      ([name]) => name,
    )
    expect(declared.length).toBeGreaterThan(30)
    expect(listed.toSorted()).toEqual(declared.toSorted())
    expect(operations.map(({ name }) => name)).toHaveLength(new Set(operations.map(({ name }) => name)).size)
  })

  it('gives each API family a folder, and keeps few parts that families share', () => {
    const inOperations = files.map(({ name }) => name).filter((name) => name.startsWith('sim/operations/'))
    const loose = inOperations.filter((name) => name.split('/').length === 3)
    expect(loose).toEqual(['sim/operations/index.ts'])
    expect(inOperations.filter((name) => name.startsWith('sim/operations/parts/')).length).toBeLessThanOrEqual(12)
  })

  it('lets no API family import from another', () => {
    const familyOf = (name: string) => /^sim\/operations\/(?!parts\/)([^/]+)\//.exec(name)?.[1]
    const wrong = files.flatMap((file) => {
      const own = familyOf(file.name)
      if (own === undefined) return []
      return file.imports.filter(({ to }) => (familyOf(to) ?? own) !== own).map(({ to }) => `${file.name} -> ${to}`)
    })
    expect(wrong).toEqual([])
  })

  it('exports nothing that nobody imports', () => {
    const used = new Set(
      files.flatMap(({ imports }) => imports.flatMap(({ to, names }) => names.map((n) => `${to} ${n}`))),
    )
    const unused = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)]
        .map(([, exported = '']) => `${name} ${exported}`)
        .filter((it) => !used.has(it) && !used.has(`${name} *`)),
    )
    expect(unused).toEqual(forOthers)
  })

  it('gives no two things that it exports the same name', () => {
    const filesOf = new Map<string, Set<string>>()
    for (const { name, text } of files)
      for (const [, exported = ''] of text.matchAll(
        /^export (?:async )?(?:const|let|function\*?|class|type|interface) (\w+)/gm,
      ))
        filesOf.set(exported, (filesOf.get(exported) ?? new Set()).add(name))
    const twice = [...filesOf].filter(([, names]) => names.size > 1)
    expect(twice.map(([exported]) => exported).toSorted()).toEqual(meantTwice)
  })

  it('says max and min for bounds, but for the old names of settings', () => {
    const wrong = files.filter(
      ({ name, text }) => name !== 'sim/config/old-names.ts' && /\b(?:most|least)[A-Z]/.test(text),
    )
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('has one way to remember within bounds, and one to wait no longer than a while', () => {
    const wrong = files.filter(({ text }) => /\.size >=? [^\n]*\.clear\(\)|Promise\.race\(/.test(text))
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('reads nothing out of the text of an error: errors are data until they are answered', () => {
    const wrong = files.filter(
      ({ name, text }) =>
        name.startsWith('sim/') &&
        /JSON\.parse\((?:error|reason|refusal|refused)\b|\b(?:error|reason|refusal)\.(?:body|message)\.(?:includes|match|startsWith|search)\(/.test(
          text,
        ),
    )
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('logs through the log that it is given', () => {
    const wrong = files.filter(({ name, text }) => name.startsWith('sim/') && /\bconsole\./.test(text))
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('keeps time and chance in their two files', () => {
    const wrong = files
      .filter(({ name }) => name.startsWith('sim/') && !['sim/clock.ts', 'sim/random.ts'].includes(name))
      .filter(({ text }) =>
        /\bDate\.now\(|\bnew Date\(\)|performance\.now\(|Math\.random\(|\bset(?:Timeout|Interval)\(/.test(text),
      )
      .map(({ name }) => name)
    expect(wrong).toEqual([])
  })

  it('reads the environment in one file', () => {
    const wrong = files.filter(({ name, text }) => name !== 'host/environment.ts' && /process\.env/.test(text))
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('knows no family of APIs in http and modes', () => {
    const withoutComments = (text: string) => text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    const wrong = files
      .filter(({ name }) => /^sim\/(?:http|modes)\//.test(name))
      .filter(({ text }) =>
        /claude|anthropic|inference|completions|embeddings|\bopenai\b|['"`/](?:responses|models|v1|dated)\b/i.test(
          withoutComments(text),
        ),
      )
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('names no operation in the pipeline', () => {
    const pipeline = files.find(({ name }) => name === 'sim/pipeline.ts')?.text ?? ''
    expect(pipeline).not.toMatch(/chat|embedding|completions|audio|image|responses|claude|anthropic|messages|batch/i)
  })
})

/** The snapshot names types of everything above it, and is named by everything. */
const isFloor = (from: string, to: string) =>
  roomOf(from)?.level === layers.length - 1 && roomOf(to)?.level === layers.length - 1
