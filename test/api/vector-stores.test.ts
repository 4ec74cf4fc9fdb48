/** Vector stores, their files and search, through the SDK (shapes recorded November 2024 to March 2026). */
import { strToU8, zipSync } from 'fflate'
import type OpenAI from 'openai'
import { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const planets = 'Jupiter is the largest planet. Mercury is the smallest planet and nearest to the sun.'
const recipes = 'To bake bread, mix flour, water, yeast and salt, knead the dough and let it rest.'

const upload = async (client: OpenAI, filename: string, content: string | Uint8Array<ArrayBuffer>) =>
  (await client.files.create({ purpose: 'assistants', file: await toFile(Buffer.from(content), filename) })).id

/** Nothing takes time but the reading of files, which takes turns. */
const readyStore = async (client: OpenAI, files: readonly string[], more: OpenAI.VectorStoreCreateParams = {}) => {
  const store = await client.vectorStores.create({ ...more })
  for (const file_id of files) {
    const file = await client.vectorStores.files.createAndPoll(store.id, { file_id }, { pollIntervalMs: 5 })
    expect(file.status).toBe('completed')
  }
  return store.id
}

const quick = { files: { indexTime: '0ms' } }

describe('a vector store', () => {
  it('is made, listed, changed and deleted', async () => {
    const { vectorStores } = testSimulator().v1()
    const made = await vectorStores.create({
      name: 'a',
      metadata: { k: 'v' },
      expires_after: { anchor: 'last_active_at', days: 3 },
    })
    expect(made).toEqual({
      id: expect.stringMatching(/^vs_[0-9A-Za-z]{24}$/) as string,
      object: 'vector_store',
      name: 'a',
      status: 'completed',
      usage_bytes: 0,
      created_at: expect.any(Number) as number,
      file_counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
      metadata: { k: 'v' },
      expires_after: { anchor: 'last_active_at', days: 3 },
      expires_at: made.created_at + 3 * 86_400,
      last_active_at: made.created_at,
    })
    const other = await vectorStores.create({})
    expect((await vectorStores.list()).data.map(({ id }) => id)).toEqual([other.id, made.id])
    expect(await vectorStores.update(made.id, { name: 'b' })).toMatchObject({ name: 'b', metadata: { k: 'v' } })
    expect(await vectorStores.delete(made.id)).toEqual({ id: made.id, object: 'vector_store.deleted', deleted: true })
    await expect(vectorStores.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(vectorStores.retrieve('assistant-1')).rejects.toMatchObject({
      status: 400,
      message: "400 Invalid 'vector_store_id': 'assistant-1'. Expected an ID that begins with 'vs'.",
    })
  })

  it('takes files, which are in progress for a while', async () => {
    const clock = manualClock()
    const client = testSimulator({}, { clock }).v1()
    const file_id = await upload(client, 'planets.md', planets)
    const store = await client.vectorStores.create({ file_ids: [file_id] })
    expect(store).toMatchObject({ status: 'in_progress', file_counts: { in_progress: 1, total: 1 } })
    await clock.advanceAsync(2_000)
    await expect
      .poll(async () => {
        await clock.advanceAsync(10)
        return (await client.vectorStores.files.retrieve(file_id, { vector_store_id: store.id })).status
      })
      .toBe('completed')
    expect(await client.vectorStores.files.retrieve(file_id, { vector_store_id: store.id })).toMatchObject({
      // As recorded: a kilobyte for a passage beside its text.
      usage_bytes: planets.length + 1024,
      last_error: null,
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
    })
    expect(await client.vectorStores.retrieve(store.id)).toMatchObject({
      status: 'completed',
      usage_bytes: planets.length + 1024,
    })
  })

  it('finds what a question is about, by filter, score and number', async () => {
    const client = testSimulator(quick).v1()
    const first = await upload(client, 'planets.md', planets)
    const second = await upload(client, 'recipes.html', `<html><head><style>p{}</style></head><p>${recipes}</p></html>`)
    const id = await readyStore(client, [first, second])
    await client.vectorStores.files.update(second, { vector_store_id: id, attributes: { topic: 'food', year: 2024 } })
    const search = async (query: string, more = {}) => (await client.vectorStores.search(id, { query, ...more })).data
    const found = await search('Which planet is the largest?')
    expect(found[0]).toMatchObject({
      file_id: first,
      filename: 'planets.md',
      content: [{ type: 'text', text: planets }],
    })
    expect(found).toHaveLength(2)
    expect(found[0]!.score).toBeGreaterThan(found[1]!.score)
    expect((await search('how to bake bread', { max_num_results: 1 })).map((one) => one.file_id)).toEqual([second])
    expect((await search('how to bake bread'))[0]!.content[0]!.text).toBe(recipes)
    const byTopic = await search('planet', {
      filters: {
        type: 'and',
        filters: [
          { type: 'eq', key: 'topic', value: 'food' },
          { type: 'gte', key: 'year', value: 2024 },
        ],
      },
    })
    expect(byTopic.map((one) => one.file_id)).toEqual([second])
    expect(await search('planet', { filters: { type: 'lt', key: 'year', value: 2024 } })).toEqual([])
    expect(await search('xylophone', { ranking_options: { score_threshold: 0.9 } })).toEqual([])
    await expect(search('x', { max_num_results: 51 })).rejects.toMatchObject({ status: 400 })
  })

  it('cuts a long text into passages that overlap', async () => {
    const client = testSimulator(quick).v1()
    const words = Array.from({ length: 1_000 }, (_, at) => `word${at}`).join(' ')
    const file_id = await upload(client, 'long.txt', words)
    const store = await client.vectorStores.create({})
    await client.vectorStores.files.createAndPoll(
      store.id,
      {
        file_id,
        chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
      },
      { pollIntervalMs: 5 },
    )
    const { data } = await client.vectorStores.files.content(file_id, { vector_store_id: store.id })
    expect(data.length).toBeGreaterThan(5)
    expect(words.startsWith(data[0]!.text!)).toBe(true)
    expect(words.endsWith(data.at(-1)!.text!)).toBe(true)
    for (const [at, { text }] of data.entries()) {
      expect(words).toContain(text)
      if (at > 0) expect(data[at - 1]!.text).toContain(text!.slice(0, 60))
    }
  })

  it('reads Office files, and says what it cannot read', async () => {
    const client = testSimulator(quick).v1()
    const xml = `<w:document><w:body><w:p><w:r><w:t>${planets.replace('the sun', 'the sun &amp; moon')}</w:t></w:r></w:p></w:body></w:document>`
    const docx = await upload(client, 'planets.docx', zipSync({ 'word/document.xml': strToU8(xml) }))
    const store = await readyStore(client, [docx])
    const { data } = await client.vectorStores.files.content(docx, { vector_store_id: store })
    expect(data.map(({ text }) => text)).toEqual([planets.replace('the sun', 'the sun & moon')])
    for (const [name, content] of [
      ['empty.json', '{}'],
      ['broken.docx', 'no zip'],
    ] as const) {
      const file_id = await upload(client, name, content)
      const file = await client.vectorStores.files.createAndPoll(store, { file_id }, { pollIntervalMs: 5 })
      expect(file).toMatchObject({ status: 'failed', usage_bytes: 0, last_error: { code: 'invalid_file' } })
      if (name === 'empty.json')
        expect(file.last_error?.message).toBe('The file could not be parsed because it is empty.')
    }
    const table = await upload(client, 'sales.csv', 'a,b')
    await expect(client.vectorStores.files.create(store, { file_id: table })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_file',
      param: 'file_id',
      message:
        '400 Files with extensions [.csv] are not supported for retrieval. Supported file types include: [.c, .cpp, .cs, .css, .doc, .docx, .go, .html, .java, .js, .json, .md, .pdf, .php, .pptx, .py, .rb, .sh, .tex, .ts, .txt].',
    })
    await expect(client.vectorStores.files.create(store, { file_id: 'assistant-x' })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('takes files together, and tells of them in short', async () => {
    const client = testSimulator(quick).v1()
    const files = await Promise.all(
      ['a.txt', 'b.txt', 'c.json'].map((name) => upload(client, name, name === 'c.json' ? '{}' : name)),
    )
    const store = await client.vectorStores.create({})
    const batch = await client.vectorStores.fileBatches.createAndPoll(
      store.id,
      { file_ids: files },
      { pollIntervalMs: 5 },
    )
    expect(batch).toMatchObject({
      id: expect.stringMatching(/^vsfb_[0-9a-f]{32}$/) as string,
      status: 'completed',
      file_counts: { in_progress: 0, completed: 2, failed: 1, cancelled: 0, total: 3 },
    })
    const { data } = await client.vectorStores.fileBatches.listFiles(batch.id, {
      vector_store_id: store.id,
      order: 'asc',
    })
    expect(data.map(({ id, status }) => [id, status])).toEqual(
      files.map((id, at) => [id, at < 2 ? 'completed' : 'failed']),
    )
    expect(Object.keys(data[0]!)).not.toContain('usage_bytes')
    const failed = await client.vectorStores.files.list(store.id, { filter: 'failed' })
    expect(failed.data.map(({ id }) => id)).toEqual([files[2]])
  })

  it('can be stopped while files are in progress', async () => {
    const clock = manualClock()
    const client = testSimulator({}, { clock }).v1()
    const file = await upload(client, 'a.txt', 'words')
    const store = await client.vectorStores.create({})
    const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: [file] })
    expect(batch.status).toBe('in_progress')
    const stopped = await client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id })
    expect(stopped).toMatchObject({ status: 'cancelled', file_counts: { cancelled: 1, total: 1 } })
  })
})

describe('what is asked of a vector store', () => {
  const search = (body: object) => ['/search', body] as const
  const note = (attributes: object) => ['/files', { file_id: 'file', attributes }] as const
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, at]))

  it.each([
    [search({ query: 'a', filters: { type: 'in', key: 'a', value: 'b' } }), 'invalid_type', 'filters.value'],
    [search({ query: 'a', filters: { type: 'gt', key: 'a', value: ['b'] } }), 'invalid_type', 'filters.value'],
    [search({ query: 'a', filters: 'a' }), 'invalid_type', 'filters'],
    [search({ query: 'a', ranking_options: { ranker: 'odd' } }), 'invalid_value', 'ranking_options.ranker'],
    [note(many), 'object_above_max_properties', 'attributes'],
    [note({ a: 'b'.repeat(513) }), 'string_above_max_length', 'attributes.a'],
    [['/files?filter=odd', undefined] as const, 'invalid_value', 'filter'],
  ])('is refused where it is not as it has to be: %j', async ([path, body], code, param) => {
    const simulator = testSimulator()
    const { id } = await simulator.v1().vectorStores.create({})
    const file = await upload(simulator.v1(), 'a.txt', planets)
    const text = body && JSON.stringify(body).replace('"file"', `"${file}"`)
    const answer = await simulator.request(`/openai/v1/vector_stores/${id}${path}`, {
      method: text === undefined ? 'GET' : 'POST',
      headers: { 'api-key': 'test-key', 'content-type': 'application/json' },
      ...(text !== undefined && { body: text }),
    })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { error: object }).error).toMatchObject({ code, param })
  })

  it('may end before one of the list', async () => {
    const { vectorStores } = testSimulator().v1()
    const ids: string[] = []
    for (const name of ['a', 'b', 'c']) ids.push((await vectorStores.create({ name })).id)
    const names = async (query: object) => (await vectorStores.list(query)).data.map(({ name }) => name)
    expect(await names({ before: ids[0], order: 'desc' })).toEqual(['c', 'b'])
    expect(await names({ before: ids[2], order: 'asc' })).toEqual(['a', 'b'])
  })
})

describe('file search in responses', () => {
  it('cites the file that the question is about, with its passage', async () => {
    const client = testSimulator({ ...quick, generate: { toolCallProbability: 1 } }).v1()
    const first = await upload(client, 'planets.md', planets)
    const second = await upload(client, 'recipes.md', recipes)
    const store = await readyStore(client, [first, second])
    const ask = (input: string, more = {}) =>
      client.responses.create({
        model: 'gpt-4.1',
        input,
        tools: [{ type: 'file_search', vector_store_ids: [store], ...more }],
        tool_choice: 'required',
        include: ['file_search_call.results'],
      })
    for (const [question, id, passage] of [
      ['Which planet is the largest?', first, planets],
      ['How do I bake bread with yeast?', second, recipes],
    ] as const) {
      const { output } = await ask(question, { max_num_results: 1 })
      expect(output).toMatchObject([
        { type: 'file_search_call', results: [{ file_id: id, text: passage }] },
        { type: 'message', content: [{ annotations: [{ type: 'file_citation', file_id: id }] }] },
      ])
    }
    // Nothing found is no error (recorded December 2025).
    const { output } = await ask('Which planet?', { filters: { type: 'eq', key: 'none', value: 'none' } })
    expect(output).toMatchObject([
      { type: 'file_search_call', status: 'completed', results: [] },
      { type: 'message', content: [{ annotations: [] }] },
    ])
  })

  it('says that a store is not there, where that is looked at', async () => {
    const ask = {
      model: 'gpt-4.1',
      input: 'x',
      tools: [{ type: 'file_search' as const, vector_store_ids: ['vs_none'] }],
    }
    await expect(testSimulator().v1().responses.create(ask)).rejects.toMatchObject({
      status: 404,
      message: "404 Vector store with id ['vs_none'] not found.",
    })
    const { output } = await testSimulator({ responses: { checkItems: 'off' } })
      .v1()
      .responses.create({ ...ask, tool_choice: 'required' })
    expect(output[0]?.type).toBe('file_search_call')
  })
})
