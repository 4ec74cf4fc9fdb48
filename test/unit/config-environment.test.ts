import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, type LoadOptions } from '../../src/host/environment.ts'
import { ConfigError } from '../../src/sim/config/problem.ts'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'config-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

const file = (name: string, text: string) => writeFileSync(join(cwd, name), text)
const load = (options: Partial<LoadOptions> = {}) => loadConfig({ host: 'embedded', env: {}, cwd, ...options })

function refusal(options: Partial<LoadOptions>): unknown {
  try {
    load(options)
  } catch (error) {
    return error instanceof ConfigError ? error.message : error
  }
  return 'taken'
}

describe('files', () => {
  it('are found from the working folder: sim.yaml, the old JSON file, and .env', () => {
    file('sim.yaml', '\uFEFF# comment\nmode: replay\ndeployments:\n  a: { model: gpt-4o, tokensPerMinute: 5 }\n')
    file('old.json', '\uFEFF{"a": {"model": "gpt-4", "tokensPerMinute": 1}, "b": {"model": "gpt-4"}}')
    file('.env', 'SIMULATOR_CONFIG_PATH=sim.yaml\nSIMULATOR_SEED=4\nSIMULATOR_MODE=record\n')
    const { config, origin } = load({
      env: { OPENAI_DEPLOYMENT_CONFIG_PATH: 'old.json', SIMULATOR_MODE: 'replay', LOG_LEVEL: 'error' },
    })
    expect(config).toMatchObject({ mode: 'replay', seed: 4, logLevel: 'error' })
    expect(config.deployments).toMatchObject({ a: { model: 'gpt-4o', tokensPerMinute: 5 }, b: { model: 'gpt-4' } })
    expect(origin().get('seed')).toBe('SIMULATOR_SEED in .env')
    expect(origin().get('logLevel')).toBe('LOG_LEVEL')
  })

  it('named by a flag are read instead of those named by a variable', () => {
    file('a.yaml', 'seed: 1')
    file('b.yaml', 'seed: 2')
    expect(load({ env: { SIMULATOR_CONFIG_PATH: 'a.yaml' }, flags: { config: 'b.yaml' } }).config.seed).toBe(2)
  })

  it.each(['', '# nothing\n', 'deployments:\n'])('may say nothing: %j', (text) => {
    file('sim.yaml', text)
    expect(load({ flags: { config: 'sim.yaml' } }).config.deployments).toEqual({})
  })

  it('leave .env to the host that has its own settings', () => {
    file('.env', 'SIMULATOR_SEED=4')
    expect(load({ host: 'functions', env: { SIMULATOR_API_KEY: 'k' } }).config.seed).toBeUndefined()
  })

  it.each([
    ['missing', '--config: found "sim.yaml", but there is no file %; allowed: a file that can be read', undefined],
    ['bad', 'sim.yaml, line 2: not valid YAML: bad indentation of a mapping entry', 'a: 1\n b: 2'],
    [
      'repeating itself',
      'sim.yaml, line 3: not valid YAML: duplicated mapping key',
      'mode: record\nseed: 1\nmode: replay\n',
    ],
    ['two', 'sim.yaml: found 2 documents; allowed: one document', 'seed: 1\n---\nseed: 2\n'],
    ['a text', 'sim.yaml: found "seed"; allowed: a mapping of settings', 'seed'],
  ])('that are %s are told', (_name, message, text) => {
    if (text !== undefined) file('sim.yaml', text)
    expect(refusal({ flags: { config: 'sim.yaml' } })).toBe(message.replace('%', join(cwd, 'sim.yaml')))
  })

  it('that are folders are told', () => {
    mkdirSync(join(cwd, 'folder'))
    expect(() => load({ env: { OPENAI_DEPLOYMENT_CONFIG_PATH: 'folder' } })).toThrow(
      `OPENAI_DEPLOYMENT_CONFIG_PATH: found "folder", but ${join(cwd, 'folder')} is a folder; allowed: a file that can be read`,
    )
  })

  it('that are not JSON are told with the line', () => {
    file('old.json', '{\n  "a": {"model": "gpt-4",}\n}')
    expect(() => load({ env: { OPENAI_DEPLOYMENT_CONFIG_PATH: 'old.json' } })).toThrow(
      /^old\.json, line 2: not valid JSON: /,
    )
  })

  it('are told of together with all else that is wrong', () => {
    file('old.json', '{')
    const env = { OPENAI_DEPLOYMENT_CONFIG_PATH: 'old.json', SIMULATOR_CONFIG_PATH: 'no.yaml', SIMULATOR_SEED: 'x' }
    expect(() => load({ env, flags: { mode: 'y' } })).toThrow(
      /^old\.json.*\nSIMULATOR_CONFIG_PATH: .*\nSIMULATOR_SEED: .*\n--mode: found "y"; allowed: generate, record, replay$/,
    )
  })
})

describe('the key', () => {
  it('is drawn at each start of the embedded host where nobody gives one', () => {
    const [first, second] = [load(), load()]
    expect(first.generatedKey).toBe(true)
    expect(first.config.apiKey).toMatch(/^[0-9a-f]{32}$/)
    expect(second.config.apiKey).not.toBe(first.config.apiKey)
    expect(load({ env: { SIMULATOR_API_KEY: '' } }).generatedKey).toBe(true)
  })

  it('is the one given, wherever it is given', () => {
    file('sim.yaml', 'apiKey: from-file')
    expect(load({ flags: { config: 'sim.yaml' } })).toMatchObject({
      generatedKey: false,
      config: { apiKey: 'from-file' },
    })
  })

  it('must be given under Functions', () => {
    expect(refusal({ host: 'functions' })).toBe('SIMULATOR_API_KEY: is required: the key that clients must send')
  })

  it.each(['embedded', 'functions'] as const)('is no unresolved Key Vault reference (%s)', (host) => {
    expect(() => load({ host, env: { SIMULATOR_API_KEY: '@Microsoft.KeyVault(VaultName=v;SecretName=k)' } })).toThrow(
      /^SIMULATOR_API_KEY: found a Key Vault reference that was not resolved; allowed: the key itself: /,
    )
  })
})
