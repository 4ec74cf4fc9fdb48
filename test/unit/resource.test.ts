import { describe, expect, it } from 'vitest'
import { createResource } from '../../src/sim/wiring/resource.ts'
import { seededRandom } from '../../src/sim/random.ts'
import type { Config } from '../../src/sim/index.ts'
import type { SimRequest } from '../../src/sim/types.ts'
import { systemClock } from '../../src/sim/index.ts'

const asked: SimRequest[] = []
const create = () =>
  createResource({
    clock: systemClock(),
    random: seededRandom(1),
    config: () => ({ apiKey: 'the-key' }) as Config,
    findDeployment: () => undefined,
    keeping: undefined,
    report: () => undefined,
    spoke: () => undefined,
    handleAtOnce: () => Promise.resolve({ status: 200, headers: {} }),
    handle: (request) => {
      asked.push(request)
      return Promise.resolve({ status: 200, headers: {} })
    },
  })

describe('a resource', () => {
  it('makes what is kept once, and shares none of it with another', () => {
    const things = () => ({ list: [] as string[] })
    const [one, other] = [create(), create()]
    one.shelf(things).list.push('kept')
    expect(one.shelf(things).list).toEqual(['kept'])
    expect(other.shelf(things).list).toEqual([])
  })

  it('sends requests of its own as they are', async () => {
    const headers = { get: (name: string) => (name === 'content-type' ? 'application/json' : null) }
    const bytes = () => Promise.resolve(new Uint8Array())
    const request = { method: 'POST', url: '/openai/v1/embeddings', headers, bytes }
    await create().dispatch(request)
    expect(asked.at(-1)).toBe(request)
  })
})
