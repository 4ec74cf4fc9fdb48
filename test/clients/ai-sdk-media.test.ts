import { createAzure } from '@ai-sdk/azure'
import { experimental_generateSpeech, experimental_transcribe, generateImage } from 'ai'
import { parseBuffer } from 'music-metadata'
import { afterAll, describe, expect, it } from 'vitest'
import { decodePng } from '../support/picture.ts'
import { testSimulator } from '../support/simulator.ts'
import { wav } from '../support/sound.ts'

const simulator = testSimulator()
const azure = createAzure({ baseURL: 'http://sim.test/openai/v1', apiKey: 'test-key', fetch: simulator.fetch })

describe('the AI SDK for Azure', () => {
  it('gets pictures', async () => {
    const { image } = await generateImage({ model: azure.image('gpt-image-1'), prompt: 'A cat', size: '1536x1024' })
    expect(image.mediaType).toBe('image/png')
    expect(decodePng(image.uint8Array)).toMatchObject({ width: 1536, height: 1024 })
  })

  it('gets pictures from others', async () => {
    const { image } = await generateImage({ model: azure.image('gpt-image-1'), prompt: 'A cat', size: '1536x1024' })
    const { images } = await generateImage({
      model: azure.image('gpt-image-1'),
      prompt: { text: 'The same, at night', images: [image.uint8Array] },
      n: 2,
    })
    expect(images.map(({ uint8Array }) => decodePng(uint8Array).width)).toEqual([1024, 1024])
  })

  it('gets pictures of DALL-E 3', async () => {
    const { image } = await generateImage({ model: azure.image('dall-e-3'), prompt: 'A cat', size: '1024x1792' })
    expect(decodePng(image.uint8Array)).toMatchObject({ width: 1024, height: 1792 })
  })

  it('speaks', async () => {
    const { audio } = await experimental_generateSpeech({ model: azure.speech('tts'), text: 'a'.repeat(150) })
    const { format } = await parseBuffer(audio.uint8Array, { mimeType: 'audio/mpeg' }, { duration: true })
    expect(format.duration).toBeCloseTo(10, 0)
    expect(audio.mediaType).toBe('audio/mpeg')
  })

  it.each(['whisper', 'gpt-4o-transcribe'])('transcribes by %s', async (model) => {
    const answer = await experimental_transcribe({ model: azure.transcription(model), audio: wav(10) })
    expect(answer.text).toMatch(/^[A-Z].+[a-z.]$/)
  })

  it('transcribes with times', async () => {
    const answer = await experimental_transcribe({
      model: azure.transcription('whisper'),
      audio: wav(10),
      providerOptions: { openai: { timestampGranularities: ['word'] } },
    })
    expect(answer.segments.length).toBeGreaterThan(5)
    expect(answer.durationInSeconds).toBe(10)
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
