import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig } from '../../src/host/environment.ts'

function load(yaml: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'old-names-'))
  try {
    writeFileSync(join(cwd, 'sim.yaml'), yaml)
    return loadConfig({ host: 'embedded', cwd, env: {}, flags: { config: 'sim.yaml' } })
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

it('takes settings by the names they had, and says what they are called', () => {
  const { config, warnings, origin } = load(
    'responses: { mostBytes: 5, mostResponses: 6 }\nfiles: { mostFiles: 7 }\nazure: { mostRepeats: 8 }',
  )
  expect(config.responses).toMatchObject({ maxBytes: 5, maxResponses: 6 })
  expect(config.files.maxFiles).toBe(7)
  expect(config.azure.maxRepeats).toBe(8)
  expect(origin().get('files.maxFiles')).toBe('sim.yaml')
  expect(warnings).toContain(
    'sim.yaml: responses.mostBytes: is now called responses.maxBytes; the old name still works',
  )
  expect(warnings).toHaveLength(4)
})

it('lets the present name win over the old one in the same file', () => {
  expect(load('files: { mostFiles: 7, maxFiles: 9 }').config.files.maxFiles).toBe(9)
})

it('names a wrong value by the name that was written', () => {
  expect(() => load('files: { mostFiles: none }')).toThrow(
    'sim.yaml: files.mostFiles: found "none"; allowed: a whole number from 1 to 100000',
  )
})

it('takes values by the names they had', () => {
  const { config, warnings } = load('azure: { rateLimitError: current }\nlimits: { charge: old }')
  expect(config.azure.rateLimitError).toBe('since2025')
  expect(config.limits.charge).toBe('python')
  expect(warnings).toEqual([
    'sim.yaml: azure.rateLimitError: "current" is now called "since2025"; the old name still works',
    'sim.yaml: limits.charge: "old" is now called "python"; the old name still works',
  ])
})
