/** What the README shows of tests is what the examples are, which are run. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.dirname(import.meta.dirname)
const read = (name: string) => readFileSync(path.join(root, name), 'utf8')
const blocks = (language: string) =>
  [...read('README.md').matchAll(new RegExp('```' + language + '\\n([^]*?)```', 'g'))].map(([, code = '']) => code)

it('shows the example for vitest', () => {
  const example = read('examples/tests/vitest.test.ts')
  expect(blocks('ts').find((code) => code.includes('simulatorFixtures'))).toBe(
    example.slice(example.indexOf('import {')),
  )
})

it('shows the examples for Java and Go on their page', () => {
  const page = read('docs/testing-elsewhere.md')
  const go = read('test/clients/go/throttled_test.go')
  expect(page).toContain(read('test/clients/java/src/main/java/ThrottledTwice.java'))
  expect(page).toContain(go.slice(go.indexOf('func startSimulator')))
  const inContainer = read('test/clients/go/container_test.go')
  expect(page).toContain(read('test/clients/java/src/main/java/ThrottledTwiceInContainer.java'))
  expect(page).toContain(inContainer.slice(inContainer.indexOf('func Test')))
  // Forty lines at most, each.
  for (const [, code = ''] of page.matchAll(/```(?:java|go|csharp)\n([^]*?)```/g))
    expect(code.split('\n').length - 1).toBeLessThanOrEqual(40)
})
