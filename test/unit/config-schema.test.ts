/** The published schema of `sim.yaml`: what it refuses is what the simulator refuses, as far as a schema can. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isTree, type Tree } from '../../src/sim/config/tree.ts'
import { allModels, modelId, modelNames } from '../../src/sim/models/catalogue.ts'
import { createSimulator } from '../../src/sim/index.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8')) as Tree
const schema = read('docs/sim.schema.json')
const validate = new Ajv2020({ strict: false }).compile(schema)

const deployment = (model: string) => ({ deployments: { d: { model } } })
const filter = (rule: object) => ({ contentFilter: { rules: [rule] } })

/** Whether the simulator starts with it. */
function starts(input: object): boolean {
  try {
    createSimulator({ sources: [{ name: 'test', input: { apiKey: 'k', ...input } }] })
    return true
  } catch {
    return false
  }
}

describe('the published schema', () => {
  it.each<[boolean, object]>([
    [true, deployment('gpt-4o')],
    [true, deployment('GPT-4o_2024-08-06')],
    [true, deployment('gpt-3.5-turbo')],
    [true, deployment('gpt-35-turbo@0125')],
    [true, deployment('DeepSeek-V3.2')],
    [false, deployment('gpt-9')],
    [false, deployment('my gpt-4o')],
    [false, deployment('gpt-4o-')],
    [false, deployment('gpt-4x1')],
    [false, { deployments: { d: {} } }],
    [true, filter({ pattern: 'kill', category: 'violence' })],
    [true, filter({ answersTo: 'kill', category: 'violence' })],
    [false, filter({ category: 'violence' })],
    [false, filter({ pattern: '', category: 'violence' })],
    [
      false,
      filter({ pattern: 'a', category: 'protected_material_code', citation: { url: 'somewhere', license: 'MIT' } }),
    ],
    [true, { forward: { endpoint: 'https://name.openai.azure.com' } }],
    [true, { forward: { endpoint: 'HTTP://localhost:8080/' } }],
    [false, { forward: { endpoint: 'name.openai.azure.com' } }],
    [false, { forward: { endpoint: 'ftp://name.openai.azure.com' } }],
    [false, { telemetry: { otlpEndpoint: 'localhost:4318' } }],
    [false, { auth: { entra: { authority: 'login.microsoftonline.com' } } }],
    [false, { recording: { containerUrl: 'https://' } }],
    [false, { state: { containerUrl: 'not a url' } }],
    [true, { redis: { url: 'rediss://name:10000' } }],
    [false, { redis: { url: 'http://name:6379' } }],
    [true, { server: { cors: { origins: ['https://app.example:3000', '*'] } } }],
    [false, { server: { cors: { origins: ['https://app.example/'] } } }],
    [false, { server: { cors: { origins: ['app.example'] } } }],
    [true, { rules: [{ when: { operation: ['chatCompletions'] }, then: { error: 'rateLimit' } }] }],
    [false, { rules: [{ when: { operation: 'chat' }, then: { error: 'rateLimit' } }] }],
    [false, { rules: [{ when: {}, then: {} }] }],
    [false, { rules: [{ when: { prompt: 'a' } }] }],
    [false, { rules: [{ then: { error: 'rateLimited' } }] }],
    [false, { latency: { embeddings: 100 } }],
    [false, { mod: 'replay' }],
  ])('says %j of %j, as a start does', (isRight, input) => {
    expect([validate(input), starts(input)]).toEqual([isRight, isRight])
  })

  it('takes every model by its name, with its version and as answers name it', () => {
    const names = [...modelNames(), ...allModels().flatMap((model) => [modelId(model), model.servedName])]
    expect(names.filter((name) => !validate(deployment(name)))).toEqual([])
  })

  it('describes every setting', () => {
    const bare: string[] = []
    const visit = (node: unknown, at: readonly string[]) => {
      if (!isTree(node)) return
      const { properties, additionalProperties, items, anyOf } = node
      for (const [name, member] of Object.entries(isTree(properties) ? properties : {})) {
        const { description } = member as { description?: string }
        if (!description) bare.push([...at, name].join('.'))
        visit(member, [...at, name])
      }
      for (const part of [additionalProperties, items, ...(Array.isArray(anyOf) ? (anyOf as unknown[]) : [])])
        visit(part, [...at, '*'])
    }
    visit(schema, [])
    expect(bare).toEqual([])
  })

  it('is in the package, under a name of its own', () => {
    const { files, exports } = read('package.json')
    expect(files).toContain('docs/sim.schema.json')
    expect(exports).toHaveProperty(['./sim.schema.json'], './docs/sim.schema.json')
  })
})
