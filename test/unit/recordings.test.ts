import { describe, expect, it } from 'vitest'
import type { Log } from '../../src/sim/base/log.ts'
import { jsonBody } from '../../src/sim/recordings/body.ts'
import { memoryStore } from '../support/memory-store.ts'
import { createRecordings, type RecordingsOptions } from '../../src/sim/recordings/recordings.ts'
import type { Sought } from '../../src/sim/recordings/interaction.ts'
import type { RecordingStore } from '../../src/sim/recordings/store.ts'
import { toDocument } from '../../src/sim/recordings/document.ts'
import { formerKeyOf, keyMaker } from '../../src/sim/recordings/key.ts'
import { documentName, nthName } from '../../src/sim/recordings/name.ts'
import { answerText, chatPath, exampleInteraction, exampleSought, toSought } from '../support/interactions.ts'
import { manualClock } from '../support/manual-clock.ts'

type Counted = RecordingStore & { readonly reads: string[]; readonly creates: string[] }

/** Counts what is asked of it; as slow to notice changes as `freshMs` allows. */
function countedStore(freshMs = 0, store = memoryStore()): Counted {
  const reads: string[] = []
  const creates: string[] = []
  return {
    ...store,
    freshMs,
    reads,
    creates,
    read: (name, tag) => {
      reads.push(name)
      return store.read(name, tag)
    },
    create: (name, bytes) => {
      creates.push(name)
      return store.create(name, bytes)
    },
  }
}

const create = (store: RecordingStore, more: Partial<RecordingsOptions> = {}) =>
  createRecordings({ store, clock: manualClock(), ...more })

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

const saying = (text: string) => exampleInteraction(jsonBody(JSON.stringify({ text })))
const answers = async (recordings: ReturnType<typeof createRecordings>, sought = exampleSought()) =>
  (await recordings.find(sought)).map(answerText)

const nearest = async (recordings: ReturnType<typeof createRecordings>, sought: Sought) =>
  (await recordings.miss(sought)).nearest

async function names(store: RecordingStore): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of store.list()) found.push(name)
  return found
}

const warnings = () => {
  const told: string[] = []
  const log: Log = { debug() {}, info() {}, warn: (message) => void told.push(message), error() {} }
  return { told, log }
}

async function replace(store: RecordingStore, name: string, text: string): Promise<void> {
  await store.remove(name)
  await store.create(name, new TextEncoder().encode(text))
}

describe('Recordings', () => {
  it('find nothing before, and at once what was added', async () => {
    const recordings = create(countedStore(2000))
    expect(await recordings.find(exampleSought())).toEqual([])
    await recordings.add(exampleInteraction(), exampleSought())
    const [found] = await recordings.find(exampleSought())
    expect(found).toMatchObject({
      recordedAt: '2026-11-03T10:00:00.000Z',
      durationMs: 812,
      usage: { promptTokens: 9, completionTokens: 3 },
      request: { method: 'POST', path: chatPath, query: { 'api-version': '2024-10-21' } },
      response: { status: 200, headers: { 'content-type': 'application/json', 'x-ms-region': 'Sweden Central' } },
    })
    expect(answerText(found!)).toBe(answerText(exampleInteraction()))
  })

  it('find the same request with its fields in another order, and no other', async () => {
    const recordings = create(memoryStore())
    await recordings.add(exampleInteraction(), toSought('{"a":1,"b":2}'))
    expect(await answers(recordings, toSought('{ "b": 2, "a": 1 }'))).toHaveLength(1)
    expect(await answers(recordings, toSought('{"a":1,"b":3}'))).toEqual([])
    expect(await answers(recordings, toSought('{"a":1,"b":2}', { path: `${chatPath}2` }))).toEqual([])
  })

  it('find the same request with its texts and numbers spelled otherwise', async () => {
    const recordings = create(memoryStore())
    await recordings.add(exampleInteraction(), toSought(String.raw`{"a":"caf\u00e9 \/","b":1.0}`))
    expect(await answers(recordings, toSought('{"b":1,"a":"café /"}'))).toHaveLength(1)
  })

  it.each([
    ['a number', toSought('{"temperature":1.0}')],
    ['a text', toSought(String.raw`{"input":"\u00e9"}`)],
    [
      'a form',
      toSought('--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n--b--\r\n', {
        contentType: 'multipart/form-data; boundary=b',
      }),
    ],
  ])('find, under the key that it had before, what was kept of %s, and keep the next beside it', async (_, sought) => {
    const store = memoryStore()
    const former = documentName(chatPath, formerKeyOf()(sought))
    expect(former).not.toBe(documentName(chatPath, keyMaker()(sought)))
    await store.create(former, toDocument(saying('one'), 'key').bytes)
    const recordings = create(store, { keep: 'all' })
    expect(await answers(recordings, sought)).toEqual(['{"text":"one"}'])
    await recordings.add(saying('two'), sought)
    expect(await answers(create(store, { keep: 'all' }), sought)).toEqual(['{"text":"one"}', '{"text":"two"}'])
    expect(await names(store)).toEqual([nthName(former, 2), former])
    expect(await answers(create(store), sought)).toEqual(['{"text":"one"}'])
    const held = create(store, { keep: 'all', autosave: false })
    await held.add(saying('three'), sought)
    expect(await answers(held, sought)).toEqual(['{"text":"one"}', '{"text":"two"}', '{"text":"three"}'])
  })

  it('find a request without regard to the fields that do not matter', async () => {
    const store = memoryStore()
    const recordings = create(store, { match: { ignore: ['user'] } })
    await recordings.add(exampleInteraction(), toSought({ user: 'one', n: 1 }))
    expect(await answers(recordings, toSought({ n: 1, user: 'two' }))).toHaveLength(1)
    expect(await answers(recordings, toSought({ n: 2, user: 'one' }))).toEqual([])
  })

  it('keep the first answer alone', async () => {
    const store = memoryStore()
    const recordings = create(store)
    for (const text of ['one', 'two']) await recordings.add(saying(text), exampleSought())
    expect(await answers(recordings)).toEqual(['{"text":"one"}'])
    expect(await names(store)).toHaveLength(1)
  })

  it('keep, if asked to, each answer that differs from the one before, in order', async () => {
    const store = memoryStore()
    const recordings = create(store, { keep: 'all' })
    for (const text of ['one', 'two', 'two', 'one', 'one']) await recordings.add(saying(text), exampleSought())
    const expected = ['{"text":"one"}', '{"text":"two"}', '{"text":"one"}']
    expect(await answers(recordings)).toEqual(expected)
    expect(await answers(create(store, { keep: 'all' }))).toEqual(expected)
    expect((await names(store)).map((name) => name.replace(/^.*[0-9a-f]{32}/, ''))).toEqual([
      '.2.yaml',
      '.3.yaml',
      '.yaml',
    ])
  })

  it('keep one of twenty equal answers at once, also if all are kept', async () => {
    const store = memoryStore()
    const recordings = create(store, { keep: 'all' })
    await Promise.all(Array.from({ length: 20 }, () => recordings.add(saying('one'), exampleSought())))
    expect(await names(store)).toHaveLength(1)
  })

  it('lose none of twenty different answers at once, if all are kept', async () => {
    const store = memoryStore()
    const instances = [create(store, { keep: 'all' }), create(store, { keep: 'all' })]
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => instances[n % 2]!.add(saying(`answer ${n}`), exampleSought())),
    )
    expect(new Set(await answers(instances[0]!)).size).toBe(20)
  })

  describe('without autosave', () => {
    it('hold what was added in memory, where it is found, until they are saved', async () => {
      const store = countedStore()
      const recordings = create(store, { autosave: false })
      await recordings.add(saying('one'), exampleSought())
      await recordings.add(saying('two'), exampleSought())
      await recordings.add(saying('other'), exampleSought('Other'))
      expect(store.creates).toEqual([])
      expect(await answers(recordings)).toEqual(['{"text":"one"}'])
      expect(await recordings.save()).toBe(2)
      expect(await names(store)).toHaveLength(2)
      expect(await recordings.save()).toBe(0)
      expect(await answers(recordings)).toEqual(['{"text":"one"}'])
    })

    it('keep what the store did not take for the next time', async () => {
      const inner = memoryStore()
      let isAway = true
      const store: RecordingStore = {
        ...inner,
        create: (name, bytes) => (isAway ? Promise.reject(new Error('away')) : inner.create(name, bytes)),
      }
      const recordings = create(store, { autosave: false, keep: 'all' })
      for (const text of ['one', 'two']) await recordings.add(saying(text), exampleSought())
      await expect(recordings.save()).rejects.toThrow('away')
      isAway = false
      expect(await recordings.save()).toBe(2)
      expect(await answers(recordings)).toEqual(['{"text":"one"}', '{"text":"two"}'])
    })
  })

  describe('remember', () => {
    it('nothing at the start, however many documents there are', () => {
      const store = countedStore()
      create(store)
      expect(store.reads).toEqual([])
    })

    it('a document as long as the store says, and ask for changes after that', async () => {
      const clock = manualClock()
      const store = countedStore(2000)
      const recordings = create(store, { clock })
      await recordings.add(exampleInteraction(), exampleSought())
      await answers(recordings)
      const [name = ''] = await names(store)
      await replace(store, name, 'version: 2\nrequest: {method: POST, path: /}\nresponse: {text: changed}\n')
      store.reads.length = 0
      clock.advance(1999)
      expect(await answers(recordings)).toEqual([answerText(exampleInteraction())])
      expect(store.reads).toEqual([])
      clock.advance(1)
      expect(await answers(recordings)).toEqual(['changed'])
      expect(store.reads).toEqual([name])
    })

    it('a document as long as its mark stands, and no more than a second', async () => {
      const clock = manualClock()
      let mark: number | undefined = 1
      const store: Counted = { ...countedStore(), mark: () => mark }
      const recordings = create(store, { clock })
      await recordings.add(exampleInteraction(), exampleSought())
      const readsOf = async () => {
        store.reads.length = 0
        await answers(recordings)
        return store.reads.length
      }
      expect(await readsOf()).toBe(1)
      expect(await readsOf()).toBe(0)
      mark = 2
      expect(await readsOf()).toBe(1)
      clock.advance(999)
      expect(await readsOf()).toBe(0)
      clock.advance(1)
      expect(await readsOf()).toBe(1)
      mark = undefined
      expect(await readsOf()).toBe(1)
      expect(await readsOf()).toBe(1)
    })

    it('that there is none as long as the store says', async () => {
      const clock = manualClock()
      const store = countedStore(2000)
      const recordings = create(store, { clock })
      await answers(recordings)
      store.reads.length = 0
      await answers(recordings)
      expect(store.reads).toEqual([])
      await create(store).add(exampleInteraction(), exampleSought())
      clock.advance(2000)
      expect(await answers(recordings)).toHaveLength(1)
    })

    it('no more than they are allowed, and read the others again', async () => {
      const store = countedStore(2000)
      const recordings = create(store, { cacheBytes: 10_000 })
      const soughts = Array.from({ length: 20 }, (_, n) => exampleSought(`Question ${n}`))
      for (const sought of soughts) await recordings.add(exampleInteraction(), sought)
      for (const sought of soughts) await recordings.find(sought)
      store.reads.length = 0
      await recordings.find(soughts[19]!)
      expect(store.reads).toHaveLength(0)
      expect(await recordings.find(soughts[0]!)).toHaveLength(1)
      expect(store.reads).toHaveLength(1)
    })

    it('nothing twice: equal requests at once share one reading', async () => {
      const store = countedStore()
      await create(store).add(exampleInteraction(), exampleSought())
      store.reads.length = 0
      const recordings = create(store)
      const found = await Promise.all(Array.from({ length: 50 }, () => answers(recordings)))
      expect(new Set(found.flat())).toEqual(new Set([answerText(exampleInteraction())]))
      expect(store.reads).toHaveLength(1)
    })

    it('nothing of a reading that failed', async () => {
      const inner = memoryStore()
      let isAway = true
      const store: RecordingStore = {
        ...inner,
        read: (name, tag) => (isAway ? Promise.reject(new Error('away')) : inner.read(name, tag)),
      }
      await create(inner).add(exampleInteraction(), exampleSought())
      const recordings = create(store)
      await expect(recordings.find(exampleSought())).rejects.toThrow('away')
      isAway = false
      expect(await answers(recordings)).toHaveLength(1)
    })
  })

  it('name a document that cannot be read, once, and answer with the others', async () => {
    const store = memoryStore()
    const { told, log } = warnings()
    const recordings = create(store, { log })
    await recordings.add(exampleInteraction(), exampleSought('broken'))
    const [broken = ''] = await names(store)
    await recordings.add(exampleInteraction(), exampleSought('whole'))
    await replace(store, broken, 'version: 2\nrequest: [')
    for (let round = 0; round < 3; round++) expect(await answers(recordings, exampleSought('broken'))).toEqual([])
    expect(await answers(recordings, exampleSought('whole'))).toHaveLength(1)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(broken)
    expect(await recordings.miss(exampleSought('broken'))).toMatchObject({
      name: broken,
      key: /([0-9a-f]{32})\.yaml$/.exec(broken)?.[1],
      unreadable: [{ name: broken, reason: expect.stringMatching(/./) as string }],
    })
    expect((await recordings.miss(exampleSought('none'))).unreadable).toEqual([])
    await replace(store, broken, 'version: 2\nrequest: 7\nresponse: {}')
    await answers(recordings, exampleSought('broken'))
    expect(told[1]).toContain('found 7, allowed: a mapping')
  })

  it('wait for a store that hangs no longer than a while', async () => {
    const clock = manualClock()
    const hanging = { ...memoryStore(), read: () => new Promise<never>(() => undefined) }
    const found = createRecordings({ store: hanging, clock }).find(exampleSought())
    const failed = expect(found).rejects.toThrow('no answer within 15000 ms')
    await nextTurn()
    clock.advance(15_000)
    await failed
  })

  it('name a document whose file beside it is gone', async () => {
    const store = memoryStore()
    const { told, log } = warnings()
    const recordings = create(store, { log })
    await recordings.add(exampleInteraction({ kind: 'bytes', bytes: Uint8Array.of(0, 1) }), exampleSought())
    const beside = (await names(store)).find((name) => name.endsWith('.bin'))!
    await store.remove(beside)
    expect(await answers(recordings)).toEqual([])
    expect(told[0]).toContain(`the file ${beside.slice(beside.lastIndexOf('/') + 1)} beside it is missing`)
  })

  it('are found without the large request that is kept beside them', async () => {
    const store = countedStore()
    const large = JSON.stringify({ input: 'x'.repeat(100_000) })
    const example = exampleInteraction()
    const recordings = create(store)
    await recordings.add({ ...example, request: { ...example.request, body: jsonBody(large) } }, toSought(large))
    store.reads.length = 0
    expect(await answers(recordings, toSought(large))).toHaveLength(1)
    expect(store.reads.filter((name) => name.endsWith('.bin'))).toEqual([])
    expect(await nearest(recordings, toSought(large.replace('xxx', 'y')))).toMatchObject({ difference: 'input' })
  })
})

describe('The nearest recording', () => {
  const ask = (body: object) => ({ sought: toSought(body), interaction: withRequest(body) })
  const withRequest = (body: object) => {
    const example = exampleInteraction()
    return { ...example, request: { ...example.request, body: jsonBody(JSON.stringify(body)) } }
  }
  const filled = async (...bodies: object[]) => {
    const store = countedStore()
    const recordings = create(store)
    for (const { sought, interaction } of bodies.map(ask)) await recordings.add(interaction, sought)
    return { store, recordings }
  }

  it('is named with the first field that differs', async () => {
    const messages = [{ role: 'user', content: 'Hello!' }]
    const { recordings } = await filled({ messages, temperature: 0 }, { messages: [], seed: 1, n: 7 })
    const found = await nearest(
      recordings,
      toSought({ messages: [{ role: 'user', content: 'Hello?' }], temperature: 0 }),
    )
    expect(found?.difference).toBe('messages[0].content')
    expect(found?.name).toMatch(/^openai\/deployments\/gpt-4o\/chat\/completions\/[0-9a-f]{32}\.yaml$/)
  })

  it('differs by a field that only one of the two has', async () => {
    const { recordings } = await filled({ n: 1 })
    expect((await nearest(recordings, toSought({ n: 1, user: 'x' })))?.difference).toBe('user')
    expect((await nearest(recordings, toSought({})))?.difference).toBe('n')
    expect((await nearest(recordings, toSought({ n: 1 }, { method: 'PUT' })))?.difference).toBe('method')
    expect((await nearest(recordings, toSought('no JSON')))?.difference).toBe('body')
  })

  it('is one of another path where this path has none', async () => {
    const { recordings } = await filled({ n: 1 })
    const other = await nearest(recordings, toSought({ n: 1 }, { path: chatPath.replace('4o', '4o-mini') }))
    expect(other?.difference).toBe('path')
    expect(other?.name).toContain('deployments/gpt-4o/')
    expect(await nearest(create(memoryStore()), toSought({}))).toBeUndefined()
  })

  it('is looked for in a bounded number of documents', async () => {
    const { store, recordings } = await filled(...Array.from({ length: 300 }, (_, n) => ({ n })))
    store.reads.length = 0
    expect((await nearest(recordings, toSought({ n: -1 })))?.difference).toBe('n')
    expect(store.reads.length).toBeLessThanOrEqual(210)
  })
})
