import { toFile } from 'openai'
import type { ImageGenerateParamsNonStreaming } from 'openai/resources/images'
import { afterAll, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { decodePng, jpegSize, png } from '../support/picture.ts'
import { testSimulator } from '../support/simulator.ts'

const deployments = {
  painter: { model: 'gpt-image-1' },
  mini: { model: 'gpt-image-1-mini' },
  free: { model: 'gpt-image-2' },
  dalle: { model: 'dall-e-3' },
}
const simulator = testSimulator({ deployments })
const azure = simulator.azure()
const openai = simulator.v1()

const generate = (asked: Partial<ImageGenerateParamsNonStreaming> = {}) =>
  azure.images.generate({ model: 'painter', prompt: 'A cat on a red roof', ...asked })
const bytesOf = (image: { b64_json?: string } | undefined) => Buffer.from(image?.b64_json ?? '', 'base64')
const pictureFile = (width: number, height: number, name = 'in.png') =>
  toFile(png(width, height), name, { type: 'image/png' })
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a picture', () => {
  it('is a PNG of exactly the asked size, on both surfaces', async () => {
    for (const client of [azure, openai])
      for (const size of ['1024x1024', '1024x1536', '1536x1024'] as const) {
        const { data } = await client.images.generate({ model: 'painter', prompt: 'A cat', size })
        const { width, height, colours } = decodePng(bytesOf(data?.[0]))
        expect(`${width}x${height}`).toBe(size)
        expect(colours).toBeGreaterThan(50)
      }
  })

  it('comes with what was made, and with its tokens in detail', async () => {
    const answer = await generate()
    expect(answer).toMatchObject({
      background: 'opaque',
      output_format: 'png',
      quality: 'high',
      size: '1024x1024',
      usage: {
        input_tokens: 6,
        input_tokens_details: { image_tokens: 0, text_tokens: 6 },
        output_tokens: 4160,
        total_tokens: 4166,
      },
    })
    expect(answer.created).toBeGreaterThan(1_700_000_000)
    expect(Object.keys(answer.data?.[0] ?? {})).toEqual(['b64_json', 'content_filter_results', 'prompt_filter_results'])
  })

  it.each([
    ['low', '1024x1024', 272],
    ['low', '1024x1536', 408],
    ['low', '1536x1024', 400],
    ['medium', '1024x1024', 1056],
    ['medium', '1024x1536', 1584],
    ['medium', '1536x1024', 1568],
    ['high', '1024x1536', 6240],
    ['high', '1536x1024', 6208],
  ] as const)('of %s quality and %s is %d tokens', async (quality, size, tokens) => {
    expect((await generate({ quality, size })).usage?.output_tokens).toBe(tokens)
  })

  it('is one of as many as asked for, all different, and the same again for the same prompt', async () => {
    const first = await generate({ n: 3 })
    expect(new Set(first.data?.map(({ b64_json }) => b64_json)).size).toBe(3)
    expect(first.usage?.output_tokens).toBe(3 * 4160)
    expect((await generate({ n: 3 })).data).toEqual(first.data)
    expect((await generate({ n: 1, prompt: 'A dog' })).data?.[0]).not.toEqual(first.data?.[0])
  })

  it('is in part not to be seen where its background is to be transparent', async () => {
    const answer = await generate({ background: 'transparent' })
    expect(answer.background).toBe('transparent')
    const { clear } = decodePng(bytesOf(answer.data?.[0]))
    expect(clear).toBeGreaterThan(0.1)
    expect(clear).toBeLessThan(0.9)
    expect(decodePng(bytesOf((await generate()).data?.[0])).clear).toBe(0)
  })

  it('is a JPEG where asked for, the shorter the more it is compressed', async () => {
    const as = async (output_compression: number) => {
      const answer = await generate({ output_format: 'jpeg', output_compression, size: '1536x1024' })
      expect(answer.output_format).toBe('jpeg')
      return bytesOf(answer.data?.[0])
    }
    const fine = await as(100)
    expect(jpegSize(fine)).toEqual({ width: 1536, height: 1024 })
    expect((await as(20)).length).toBeLessThan(fine.length)
  })

  it('has any size in steps of 16 where the model draws such', async () => {
    const { data, size } = await generate({ model: 'free', size: '1536x864' })
    expect(size).toBe('1536x864')
    expect(decodePng(bytesOf(data?.[0]))).toMatchObject({ width: 1536, height: 864 })
  })

  it('streams as partial pictures and the whole one, at even times', async () => {
    const clock = manualClock(1_800_000_000_000)
    const slow = testSimulator({ deployments, latency: { images: '8s' } }, { clock })
    const asked = { model: 'painter', prompt: 'A cat', stream: true, partial_images: 3, quality: 'low' } as const
    const pending = slow.v1().images.generate(asked)
    await clock.advanceAsync(2_000)
    const times: number[] = []
    const events: { type: string; b64_json: string; partial_image_index?: number }[] = []
    const reading = (async () => {
      for await (const event of await pending) {
        times.push(clock.now() - 1_800_000_000_000)
        events.push(event)
      }
    })()
    for (let second = 2; second <= 8; second++) await clock.advanceAsync(1_000)
    await reading
    expect(times).toEqual([2_000, 4_000, 6_000, 8_000])
    expect(events.map(({ type }) => type)).toEqual([
      ...Array<string>(3).fill('image_generation.partial_image'),
      'image_generation.completed',
    ])
    expect(events.map(({ partial_image_index }) => partial_image_index)).toEqual([0, 1, 2, undefined])
    expect(new Set(events.map(({ b64_json }) => b64_json)).size).toBe(4)
    for (const event of events) expect(decodePng(bytesOf(event))).toMatchObject({ width: 1024, height: 1024 })
    expect(Object.keys(events[0]!)).toEqual(
      'type b64_json created_at size quality background output_format partial_image_index'.split(' '),
    )
    expect(events[3]).toMatchObject({ created_at: 1_800_000_008, usage: { output_tokens: 272 + 300 } })
  })

  it('takes as long as a setting says', async () => {
    const clock = manualClock()
    const slow = testSimulator({ deployments, latency: { images: '8s' } }, { clock })
    let isThere = false
    const pending = slow
      .azure()
      .images.generate({ model: 'painter', prompt: 'A cat', n: 2 })
      .then(() => (isThere = true))
    await clock.advanceAsync(7_999)
    expect(isThere).toBe(false)
    await clock.advanceAsync(1)
    await pending
  })
})

describe('a picture of DALL-E 3', () => {
  it('is at an address that serves it without a key', async () => {
    const { data } = await generate({ model: 'dalle', size: '1792x1024', quality: 'hd', style: 'natural' })
    const [image] = data ?? []
    expect(image?.revised_prompt).toMatch(/^A natural .+A cat on a red roof/)
    expect(image?.url).toMatch(/^http:\/\/sim\.test\/private\/images\/[\da-f-]{36}\/generated_00\.png\?se=/)
    expect(Object.keys(image ?? {})).toEqual([
      'content_filter_results',
      'prompt_filter_results',
      'revised_prompt',
      'url',
    ])
    const answer = await simulator.fetch(image?.url ?? '')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(decodePng(new Uint8Array(await answer.arrayBuffer()))).toMatchObject({ width: 1792, height: 1024 })
  })

  // Recorded March 2024 to April 2025.
  it('names its request in its address, and has the headers and the members of its own service', async () => {
    const path = '/openai/deployments/dalle/images/generations?api-version=2024-10-21'
    const answer = await simulator.post(path, { prompt: 'A cat' })
    const get = (name: string) => answer.headers.get(name)
    const [image] = ((await answer.json()) as { data: { url: string; prompt_filter_results: object }[] }).data
    const url = new URL(image?.url ?? '')
    expect(url.pathname).toBe(`/private/images/${get('apim-request-id')}/generated_00.png`)
    expect([...url.searchParams.keys()].join()).toBe('se,sig,ske,skoid,sks,skt,sktid,skv,sp,spr,sr,sv')
    expect(Object.keys(image?.prompt_filter_results ?? {}).join()).toBe('hate,profanity,self_harm,sexual,violence')
    expect(get('x-ms-request-id')).toBe(get('apim-request-id'))
    expect(get('x-envoy-upstream-service-time')).toMatch(/^\d+$/)
    for (const name of ['x-request-id', 'azureml-model-session']) expect(get(name)).toBeNull()
  })

  it('is the same picture at its address and in the answer', async () => {
    const at = (await generate({ model: 'dalle' })).data?.[0]?.url ?? ''
    const served = Buffer.from(await (await simulator.fetch(at)).arrayBuffer())
    expect(served.equals(bytesOf((await generate({ model: 'dalle', response_format: 'b64_json' })).data?.[0]))).toBe(
      true,
    )
  })

  it.each([
    ['seed', (url: URL) => url.searchParams.set('seed', '7')],
    ['size', (url: URL) => url.searchParams.set('size', '9000x9000')],
    ['end', (url: URL) => url.searchParams.set('se', '2999-01-01T00:00:00.000Z')],
    ['signature', (url: URL) => url.searchParams.delete('sig')],
    ['name', (url: URL) => (url.pathname = url.pathname.replace('00.png', '01.png'))],
  ])('is not served where its %s was changed', async (_, change) => {
    const url = new URL((await generate({ model: 'dalle' })).data?.[0]?.url ?? '')
    change(url)
    const answer = await simulator.fetch(url)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('<Code>AuthenticationFailed</Code>')
  })

  it('is served for a day, by any instance that has the same key', async () => {
    const clock = manualClock(1_800_000_000_000)
    const one = testSimulator({ deployments }, { clock })
    const other = testSimulator({ deployments }, { clock })
    const { data } = await one.azure().images.generate({ model: 'dalle', prompt: 'A cat' })
    const status = async () => (await other.fetch(data?.[0]?.url ?? '')).status
    clock.advance(24 * 60 * 60 * 1000 - 1)
    expect(await status()).toBe(200)
    clock.advance(1)
    expect(await status()).toBe(403)
  })

  it.each([
    [{ 'x-forwarded-host': 'front.example:8443', 'x-forwarded-proto': 'https' }, 'https://front.example:8443/'],
    [{ 'x-forwarded-host': 'a.example, b.example' }, 'http://a.example/'],
    [{ 'x-forwarded-host': '"><script>', 'x-forwarded-proto': 'javascript' }, 'http://sim.test/'],
  ])('has its address where the client reached the simulator: %j', async (headers, start) => {
    const body = { prompt: 'A cat' }
    const path = '/openai/deployments/dalle/images/generations?api-version=2024-10-21'
    const answer = (await (await simulator.post(path, body, headers)).json()) as { data: { url: string }[] }
    expect(answer.data[0]?.url.slice(0, start.length)).toBe(start)
  })

  it('is made up in replay mode as well, and never asked of a service', async () => {
    const replaying = testSimulator({ deployments, mode: 'replay', replay: { onMiss: 'generate' } })
    const { data } = await replaying.azure().images.generate({ model: 'dalle', prompt: 'A cat' })
    expect((await replaying.fetch(data?.[0]?.url ?? '')).status).toBe(200)
    const recording = testSimulator({
      deployments,
      mode: 'record',
      forward: { endpoint: 'http://127.0.0.1:1', key: 'k' },
    })
    expect((await recording.fetch(data?.[0]?.url ?? '')).status).toBe(200)
    expect((await recording.fetch('http://sim.test/private/images/a/b.png')).status).toBe(403)
  })
})

describe('the content filter', () => {
  const rules = [
    { pattern: 'gore', category: 'violence', severity: 'high' },
    { pattern: 'darn', category: 'profanity', blocking: false },
  ]
  const filtered = testSimulator({ deployments, contentFilter: { rules } })

  it('refuses a prompt in words of its own', async () => {
    const error = await rejection(filtered.v1().images.generate({ model: 'painter', prompt: 'All gore' }))
    expect(error).toMatchObject({
      status: 400,
      code: 'content_policy_violation',
      message: expect.stringContaining('rejected as a result of our safety system') as string,
      error: {
        inner_error: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_results: { violence: { filtered: true, severity: 'high' }, hate: { filtered: false } },
        },
      },
    })
  })

  it('tells with a picture what it found, or nothing where it is off', async () => {
    const results = async (sim: typeof filtered) =>
      (await sim.v1().images.generate({ model: 'dalle', prompt: 'A darn cat' })).data?.[0] as unknown as object
    expect(await results(filtered)).toMatchObject({
      prompt_filter_results: { profanity: { detected: true, filtered: false } },
      content_filter_results: { violence: { filtered: false, severity: 'safe' } },
    })
    const off = testSimulator({ deployments, contentFilter: { mode: 'off', rules } })
    expect(await results(off)).toMatchObject({ prompt_filter_results: {}, content_filter_results: {} })
  })

  it('blocks or annotates a picture by what its prompt asks for, streamed and edited too', async () => {
    const drawn = testSimulator({
      deployments,
      contentFilter: {
        rules: [
          { answersTo: 'battle', category: 'violence', severity: 'high' },
          { answersTo: 'beach', category: 'sexual', severity: 'low' },
          { answersTo: 'song', category: 'protected_material_text' },
        ],
      },
    })
    const client = drawn.v1()
    const blocked = {
      status: 400,
      code: 'contentFilter',
      message: expect.stringContaining('Generated image was filtered') as string,
      error: {
        inner_error: {
          content_filter_results: { violence: { filtered: true, severity: 'high' }, sexual: { filtered: false } },
          revised_prompt: expect.stringContaining('A battle') as string,
        },
      },
    }
    const ask = { model: 'painter', prompt: 'A battle' }
    expect(await rejection(client.images.generate(ask))).toMatchObject(blocked)
    expect(await rejection(client.images.generate({ ...ask, stream: true }))).toMatchObject(blocked)
    const image = await pictureFile(64, 64)
    expect(await rejection(client.images.edit({ ...ask, image }))).toMatchObject(blocked)
    const shown = await client.images.generate({ model: 'painter', prompt: 'A beach, and a song' })
    expect(shown.data?.[0]).toMatchObject({
      content_filter_results: { sexual: { filtered: false, severity: 'low' }, violence: { severity: 'safe' } },
    })
    expect(shown.data?.[0]).not.toHaveProperty('content_filter_results.protected_material_text')
  })
})

describe('an edit', () => {
  it('is a picture of the asked size, and counts those that came in', async () => {
    const image = await Promise.all([pictureFile(512, 512), pictureFile(1024, 512, 'b.png')])
    const answer = await openai.images.edit({ model: 'painter', image, prompt: 'A cat', size: '1536x1024' })
    expect(decodePng(bytesOf(answer.data?.[0]))).toMatchObject({ width: 1536, height: 1024 })
    const tokens = { image_tokens: 65 + 129 + 65 + 2 * 129, text_tokens: 2 }
    expect(answer.usage).toMatchObject({ input_tokens: 519, input_tokens_details: tokens, output_tokens: 6208 })
  })

  it('takes a mask, and closer looks that cost more', async () => {
    const files = async () => ({ image: await pictureFile(512, 512), mask: await pictureFile(512, 512) })
    const answer = await openai.images.edit({
      model: 'painter',
      prompt: 'A cat',
      ...(await files()),
      input_fidelity: 'high',
    })
    expect(answer.usage?.input_tokens_details.image_tokens).toBe(65 + 129 + 4160)
  })

  it('is found where the SDK asks for it, with a deployment of its own and without', async () => {
    const asked = async () => ({ model: 'painter', prompt: 'A cat', image: await pictureFile(64, 64) })
    expect((await azure.images.edit(await asked())).data).toHaveLength(1)
    expect((await simulator.azure('painter').images.edit(await asked())).data).toHaveLength(1)
  })

  it('depends on the pictures that came in', async () => {
    const of = async (width: number) => {
      const { data } = await openai.images.edit({ model: 'painter', prompt: 'A', image: await pictureFile(width, 64) })
      return data?.[0]?.b64_json
    }
    expect(await of(64)).toBe(await of(64))
    expect(await of(64)).not.toBe(await of(128))
  })

  it('streams under its own names', async () => {
    const stream = await openai.images.edit({
      model: 'painter',
      prompt: 'A cat',
      image: await pictureFile(64, 64),
      stream: true,
      partial_images: 1,
    })
    const types: string[] = []
    for await (const { type } of stream) types.push(type)
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed'])
  })

  it.each([
    ['a text', () => toFile(Buffer.from('hello'), 'a.png', { type: 'image/png' })],
    ['a GIF', () => toFile(Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'a.gif', { type: 'image/gif' })],
    ['nothing', () => toFile(Buffer.alloc(0), 'a.png', { type: 'image/png' })],
  ])('is refused where its picture is %s', async (_, image) => {
    const refused = openai.images.edit({
      model: 'painter',
      prompt: 'A',
      image: [await pictureFile(8, 8), await image()],
    })
    await expect(refused).rejects.toMatchObject({
      status: 400,
      code: 'invalid_image_file',
      message: expect.stringContaining('for image 2,') as string,
    })
  })

  it('is refused where its mask has another size, where there is no picture, and by models that make none', async () => {
    const image = await pictureFile(64, 64)
    const edit = (asked: object) => rejection(openai.images.edit({ model: 'painter', prompt: 'A', image, ...asked }))
    expect(await edit({ mask: await pictureFile(32, 64) })).toMatchObject({ status: 400, param: 'mask' })
    expect(await edit({ image: undefined })).toMatchObject({ code: 'missing_required_parameter', param: 'image' })
    expect(await edit({ model: 'dalle' })).toMatchObject({ status: 400, code: 'OperationNotSupported' })
    expect(await edit({ model: 'mini', input_fidelity: 'high' })).toMatchObject({ code: 'unsupported_parameter' })
    const tooMany = await Promise.all(Array.from({ length: 17 }, () => pictureFile(1, 1)))
    expect(await edit({ image: tooMany })).toMatchObject({ code: 'array_above_max_length' })
  })
})

describe('a request for a picture is refused', () => {
  it.each<[string, object, object]>([
    ['without a prompt', { prompt: undefined }, { code: 'missing_required_parameter', param: 'prompt' }],
    ['with a prompt too long for DALL-E', { model: 'dalle', prompt: 'a'.repeat(4_001) }, { param: 'prompt' }],
    ['with a prompt too long for any', { prompt: 'a'.repeat(32_001) }, { code: 'string_above_max_length' }],
    ['for two of DALL-E', { model: 'dalle', n: 2 }, { message: '400 You must provide n=1 for this model.' }],
    ['for eleven', { n: 11 }, { code: 'integer_above_max_value', param: 'n' }],
    ['for an address of a model that has none', { response_format: 'url' }, { code: 'unknown_parameter' }],
    ['for a stream of DALL-E', { model: 'dalle', stream: true }, { code: 'unknown_parameter', param: 'stream' }],
    ['for a size that the model has not', { size: '1792x1024' }, { code: 'invalid_value', param: 'size' }],
    ['for a size that DALL-E has not', { model: 'dalle', size: '1024x1536' }, { param: 'size' }],
    ['for a size beside the steps', { model: 'free', size: '1000x1000' }, { param: 'size' }],
    ['for a strip', { model: 'free', size: '3840x16' }, { param: 'size' }],
    ['for too many pixels', { model: 'free', size: '3840x3840' }, { param: 'size' }],
    ['for a format that the service has not', { output_format: 'webp' }, { param: 'output_format' }],
    ['for a compressed PNG', { output_compression: 50 }, { code: 'invalid_png_output_compression' }],
    ['for a transparent JPEG', { background: 'transparent', output_format: 'jpeg' }, { param: 'background' }],
    ['for transparency that the model has not', { model: 'free', background: 'transparent' }, { param: 'background' }],
    ['for four partial pictures', { stream: true, partial_images: 4 }, { param: 'partial_images' }],
    ['with the style of another model', { style: 'vivid' }, { code: 'unknown_parameter', param: 'style' }],
    ['by a model that draws nothing', { model: 'gpt-4o' }, { code: 'OperationNotSupported' }],
  ])('%s', async (_, asked, error) => {
    expect(await rejection(generate(asked))).toMatchObject({ status: 400, ...error })
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
