/** Forms in every way that RFC 2046, 2183, 7578 and 8187 allow one to be written; no SDK writes more than one or two of them. */
import { afterAll, describe, expect, it } from 'vitest'
import { png } from '../support/picture.ts'
import { testSimulator } from '../support/simulator.ts'
import { wav } from '../support/sound.ts'

const simulator = testSimulator({ deployments: { whisper: { model: 'whisper' }, painter: { model: 'gpt-image-1' } } })
afterAll(() => {
  expect(simulator.errors).toEqual([])
})

type Part = { readonly head: string; readonly content: Buffer | string }

/** The bytes of a form, as exactly as they are given. */
const formOf = (boundary: string, parts: readonly Part[], { before = '', padding = '', after = '\r\n' } = {}) =>
  Buffer.concat([
    Buffer.from(before),
    ...parts.flatMap(({ head, content }) => [
      Buffer.from(`--${boundary}${padding}\r\n${head}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--${after}`),
  ])

const post = async (path: string, contentType: string, body: Buffer) => {
  const answer = await simulator.post(path, body, { 'content-type': contentType })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const transcribe = (contentType: string, body: Buffer) =>
  post('/openai/deployments/whisper/audio/transcriptions?api-version=2024-10-21', contentType, body)

const verbose = { head: 'Content-Disposition: form-data; name=response_format', content: 'verbose_json' }
const fileNamed = (head: string): Part => ({ head, content: wav(2) })
const usual = fileNamed('Content-Disposition: form-data; name="file"; filename="a.wav"')
const dotNet = fileNamed(
  "Content-Type: audio/wav\r\nContent-Disposition: form-data; name=file; filename=a.wav; filename*=utf-8''a.wav",
)

describe('a recording of two seconds lasts two seconds', () => {
  const written: readonly (readonly [string, string, Buffer])[] = [
    ['as .NET writes it', 'multipart/form-data; boundary="6b-1"', formOf('6b-1', [dotNet, verbose])],
    [
      'with a name beyond ASCII, as .NET writes it',
      'multipart/form-data; boundary=q',
      formOf('q', [
        { ...usual, head: 'Content-Disposition: form-data; name=file; filename="=?utf-8?B?w6kud2F2?="' },
        verbose,
      ]),
    ],
    ['with a boundary of one character', 'multipart/form-data; boundary=q', formOf('q', [usual, verbose])],
    [
      'with a boundary of seventy characters',
      `multipart/form-data; boundary=${'b'.repeat(70)}`,
      formOf('b'.repeat(70), [usual, verbose]),
    ],
    [
      'with a boundary in quotes, of all that may be in one',
      `Multipart/Form-Data; charset=utf-8; Boundary="a '()+_,-./:=?b"`,
      formOf(`a '()+_,-./:=?b`, [usual, verbose]),
    ],
    ['with a boundary that is no token', 'multipart/form-data; boundary===1==', formOf('==1==', [usual, verbose])],
    [
      'with names in capitals and a type before them',
      'multipart/form-data; boundary=q',
      formOf('q', [
        fileNamed('CONTENT-TYPE: audio/wav\r\nCONTENT-DISPOSITION:FORM-DATA; NAME="file"; FileName="A.WAV"'),
        verbose,
      ]),
    ],
    [
      'with headers that are folded',
      'multipart/form-data; boundary=q',
      formOf('q', [fileNamed('Content-Disposition: form-data;\r\n name="file";\r\n\tfilename="a.wav"'), verbose]),
    ],
    [
      'with the name of its file escaped, and another parameter in it',
      'multipart/form-data; boundary=q',
      formOf('q', [
        fileNamed('Content-Disposition: form-data; filename="\\"x; name=none\\\\.wav"; name="file"'),
        verbose,
      ]),
    ],
    [
      'with the name of the file in the extended form alone',
      'multipart/form-data; boundary=q',
      formOf('q', [
        fileNamed("Content-Disposition: form-data; name=file; filename*=UTF-8'de'b%C3%BCro%2Ewav"),
        verbose,
      ]),
    ],
    [
      'between a preamble and an epilogue',
      'multipart/form-data; boundary=q',
      formOf('q', [usual, verbose], { before: 'To be ignored\r\n--qu\r\n', after: '\r\nAlso this\r\n--q\r\n' }),
    ],
    [
      'with white space after its boundaries',
      'multipart/form-data; boundary=q',
      formOf('q', [usual, verbose], { padding: ' \t ' }),
    ],
    ['with its last line not ended', 'multipart/form-data; boundary=q', formOf('q', [verbose, usual], { after: '' })],
  ]
  it.each(written)('%s', async (_, contentType, body) => {
    expect(await transcribe(contentType, body)).toMatchObject({ status: 200, body: { duration: 2 } })
  })

  it('where something like a boundary is in its sound', async () => {
    const content = Buffer.concat([wav(2).subarray(0, -64), Buffer.from('\n--q\r\n--\r\n-q--q--\r--q'.padEnd(64))])
    const answer = await transcribe('multipart/form-data; boundary=q', formOf('q', [{ ...usual, content }, verbose]))
    expect(answer).toMatchObject({ status: 200, body: { duration: 2 } })
  })
})

it.each([
  ['broken off', 'multipart/form-data; boundary=q', formOf('q', [usual]).subarray(0, -8)],
  ['without its boundary', 'multipart/form-data', formOf('q', [usual])],
  ['of another boundary', 'multipart/form-data; boundary=p', formOf('q', [usual])],
  ['of no form', 'multipart/mixed; boundary=q', formOf('q', [usual])],
  ['of a header without an end', 'multipart/form-data; boundary=q', Buffer.from('--q\r\nContent-Disposition: x--q--')],
  ['of nothing', 'multipart/form-data; boundary=q', Buffer.from('')],
])('a body %s is refused', async (_, contentType, body) => {
  expect(await transcribe(contentType, body)).toMatchObject({ status: 400 })
})

describe('pictures as .NET sends them', () => {
  const image = (content: Buffer | string): Part => ({
    head: "Content-Type: image/png\r\nContent-Disposition: form-data; name=image; filename=a.png; filename*=utf-8''a.png",
    content,
  })
  const prompt = {
    head: 'Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=prompt',
    content: 'A',
  }
  const edit = (...parts: Part[]) =>
    post(
      '/openai/deployments/painter/images/edits?api-version=2025-04-01-preview',
      'multipart/form-data; boundary="6b-1"',
      formOf('6b-1', [...parts, prompt]),
    )

  it('cost their tokens', async () => {
    const answer = await edit(image(png(1024, 1024)))
    expect(answer.body['usage']).toMatchObject({ input_tokens_details: { image_tokens: 194 } })
  })

  it('are pictures, or refused', async () => {
    expect(await edit(image('Not a picture'))).toMatchObject({ status: 400 })
    expect(await edit({ ...image(png(64, 64)), head: 'Content-Disposition: form-data; name=image' })).toMatchObject({
      status: 400,
    })
  })
})

it('a field of more than a megabyte is whole, and a file of several too', async () => {
  const content = Buffer.alloc(3_000_000, 'x\r\n-')
  const head = (name: string) => `Content-Disposition: form-data; name=${name}; filename=${name}.jsonl`
  const answer = await post(
    '/openai/v1/files',
    'multipart/form-data; boundary=q',
    formOf('q', [
      { head: head('other'), content },
      { head: 'Content-Disposition: form-data; name=long', content },
      { head: head('file'), content },
      { head: 'Content-Disposition: form-data; name=purpose', content: 'assistants' },
    ]),
  )
  expect(answer).toMatchObject({ status: 200, body: { bytes: 3_000_000, filename: 'file.jsonl' } })
})
