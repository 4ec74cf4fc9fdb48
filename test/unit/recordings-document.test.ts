import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { bodyBytes, jsonBody, toBody } from '../../src/sim/recordings/body.ts'
import { toDocument, type Written } from '../../src/sim/recordings/document.ts'
import { bytesOf } from '../../src/sim/recordings/events.ts'
import type { Body, Interaction, RecordedEvent } from '../../src/sim/recordings/interaction.ts'
import { fromTree, loadTree } from '../../src/sim/recordings/parse-document.ts'
import { answerText, exampleInteraction, streamOf } from '../support/interactions.ts'

const textOf = ({ bytes }: Written) => Buffer.from(bytes).toString()
const filesOf = ({ files }: Written) => new Map(files.map(({ name, bytes }) => [name, bytes]))
const readBack = (written: Written, text = textOf(written)) => fromTree(loadTree(text), filesOf(written))

/** What the client gets of the document after an edit. */
function edited(interaction: Interaction, found: string, put: string): string {
  const written = toDocument(interaction, 'key')
  const text = textOf(written)
  expect(text).toContain(found)
  return answerText(readBack(written, text.replace(found, put)))
}

function wireOf({ response: { body } }: Interaction): Buffer {
  return body.kind === 'events'
    ? Buffer.concat(body.events.map(({ data }) => bytesOf(data)))
    : Buffer.from(bodyBytes(body))
}

describe('A document', () => {
  it('is easy to read', () => {
    const answer =
      '{"choices":[{"message":{"content":"Two lines:\\nhere."}}],"usage":{"total_tokens":12},"scores":[1,0.5]}\n'
    expect(textOf(toDocument(exampleInteraction(jsonBody(answer)), 'key'))).toBe(`version: 2
recordedAt: '2026-11-03T10:00:00.000Z'
durationMs: 812
usage:
  promptTokens: 9
  completionTokens: 3
request:
  method: POST
  path: /openai/deployments/gpt-4o/chat/completions
  query:
    api-version: '2024-10-21'
  contentType: application/json
  json:
    messages:
      - role: user
        content: Hello!
response:
  status: 200
  headers:
    content-type: application/json
    x-ms-region: Sweden Central
  json:
    choices:
      - message:
          content: |-
            Two lines:
            here.
    usage:
      total_tokens: 12
    scores: [1, 0.5]
  closingNewline: true
`)
  })

  it('has a stream as its events, each with its wait', () => {
    const stream = streamOf('event: delta\ndata: {"text":"Hi","t":1.0}\n\n', 'data: [DONE]\n\n')
    expect(textOf(toDocument(exampleInteraction(stream), 'key'))).toContain(`
  events:
    - afterMs: 120
      event: delta
      data: {"text":"Hi","t":1.0}
    - afterMs: 20
      data: "[DONE]"
`)
  })

  it('keeps events whole, whatever pieces they came in', () => {
    const whole = 'data: {"a":"é"}\n\ndata: {"b":1}\n\n: ping\n\ndata: tail'
    const bytes = Buffer.from(whole)
    const pieces = Array.from(bytes, (_, at) => ({ afterMs: 1, data: bytes.subarray(at, at + 1) }))
    const { response } = readBack(toDocument(exampleInteraction({ kind: 'events', events: pieces }), 'key'))
    expect(response.body.kind === 'events' && response.body.events).toEqual([
      { afterMs: 18, data: 'data: {"a":"é"}\n\n' },
      { afterMs: 15, data: 'data: {"b":1}\n\n' },
      { afterMs: 8, data: ': ping\n\n' },
      { afterMs: 10, data: 'data: tail' },
    ])
  })

  it('loses no time to rounding', () => {
    const events = Array.from({ length: 1000 }, () => ({ afterMs: 0.04, data: 'data: {"a":1}\n\n' }))
    const { response } = readBack(toDocument(exampleInteraction({ kind: 'events', events }), 'key'))
    const spentMs =
      response.body.kind === 'events' ? response.body.events.reduce((sum, { afterMs }) => sum + afterMs, 0) : 0
    expect(spentMs).toBeCloseTo(40, 1)
  })

  it.each([
    ['compact', '{"a":[1,{"b":null}]}'],
    ['pretty-printed', '{\n  "a": [\n    1\n  ],\n  "b": {}\n}\n'],
    ['spaced', '{"a": [1, 2], "b": {"c": "d"}}'],
    ['with all but ASCII escaped', '{"a": "\\u00e9\\ud83d\\ude00"}'],
    ['with numbers that would change', '{"a":1.0,"b":1e400,"c":12345678901234567890,"d":-0,"e":-4.5e-05,"f":1E5}'],
    ['with odd white space', '{"a" :1,\n "b":2}'],
    ['with escapes of another writer', '{"a":"\\/ \\u003c \\u0027"}'],
    ['with fields twice', '{"a":1,"a":2}'],
    ['with names that are numbers', '{"b":1,"2":2,"1":3}'],
    ['with __proto__', '{"__proto__":{"a":1},"constructor":2}'],
    [
      'with words that YAML knows',
      '{"a":"yes","b":"null","c":"1.0","d":"2026-01-01","~":"#","<<":"*x","y":"","z":" "}',
    ],
    ['with characters that YAML refuses', '{"a":"\\u0000\\u0001\x7f\x85\u2028\ufeff","\u2029":1}'],
    ['deeper than any reader', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['a number alone', '12'],
    ['empty', ''],
    ['a text', 'WEBVTT\n\n00:00.000 --> 00:01.000\n  Hola.\n\n'],
    ['a text with a byte order mark', '\ufeffabc'],
    ['a text of line breaks', '\r\n\n\n'],
    ['a text of tabs', '\t\n\ta\n  \t\n'],
  ])('gives back a body that is %s byte for byte', (_, text) => {
    for (const wire of [text, `${text}\n`]) {
      const written = toDocument(exampleInteraction(toBody(Buffer.from(wire))), 'key')
      expect(wireOf(readBack(written)).toString()).toBe(wire)
      expect(written.files).toEqual([])
      for (const line of [`data: ${wire}\n\n`, `event: x\ndata: ${wire}\n\n`]) {
        expect(
          wireOf(readBack(toDocument(exampleInteraction(streamOf(line, 'data: [DONE]\n\n')), 'key'))).toString(),
        ).toBe(`${line}data: [DONE]\n\n`)
      }
    }
  })

  it.each([
    ['.NET', String.raw`{"a":"Caf\u00E9 \u0026 \u0027\u0022\u002B\u003C\u003E\u0060 \n\u001F \uD83D\uDE00","b":1e+5}`],
    ['Go', String.raw`{"a":"é \u003cb\u003e \u0026 \u2028","\u003c":"'"}`],
    ['PHP', String.raw`{"a":"https:\/\/x\/y \u00e9 \"z\" C:\\d"}`],
    ['Python', String.raw`{"a": "caf\u00e9 \ud83d\ude00 \u007f", "b": [1.0, 2e-05]}`],
    ['Jackson', String.raw`{"a":"\u000B\u001B é"}`],
    ['half of each', String.raw`{"a":"\u0027' ' ' \u00e9é\u00E9 \/ / \u002f \n\u000a\u000A","b":"\u005c\\"}`],
    ['nobody in particular', String.raw`{"\u0061\u0062":"\u0031\u0020x","c":"\ud800\uDC00"}`],
  ])('has JSON as YAML with the escapes of %s, which come back', (_, text) => {
    for (const wire of [text, `${text}\n`]) {
      const written = toDocument(exampleInteraction(jsonBody(wire)), 'key')
      expect(textOf(written)).toContain('\n  json:\n')
      expect(textOf(written)).not.toContain('\n  text:')
      expect(wireOf(readBack(written)).toString()).toBe(wire)
    }
  })

  it('says in one line how a text was escaped', () => {
    const text = String.raw`{"a":"\u0027x\u0027 \u003C","b":"' \u00E9"}`
    expect(textOf(toDocument(exampleInteraction(jsonBody(text)), 'key'))).toContain(`  json:
    a: '''x'' <'
    b: ''' é'
  asciiOnly: true
  capitals: true
  escapes:
    - \\u0027
    - \\u003C
  exceptions:
    - at: 33
      text: ''''
`)
  })

  it('puts a binary body beside it, by hash', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at % 256)
    const written = toDocument(exampleInteraction({ kind: 'bytes', bytes }, 'audio/mpeg'), 'key')
    expect(written.files.map(({ name }) => name)).toEqual([expect.stringMatching(/^key\.response-[0-9a-f]{16}\.bin$/)])
    expect(textOf(written)).toContain('sha256:')
    expect(Buffer.compare(wireOf(readBack(written)), bytes)).toBe(0)
  })

  it('puts a large body beside it, request or answer', () => {
    const large = JSON.stringify({ input: 'x'.repeat(3_000_000) })
    const example = exampleInteraction(jsonBody(large))
    const written = toDocument({ ...example, request: { ...example.request, body: jsonBody(large) } }, 'key')
    expect(written.bytes.length).toBeLessThan(2000)
    expect(written.files.map(({ name }) => name.split('-')[0])).toEqual(['key.request', 'key.response'])
    expect(wireOf(readBack(written)).toString()).toBe(large)
  })

  it('puts a large event beside it, among the others', () => {
    const large = `data: ${JSON.stringify({ image: 'A'.repeat(2_000_000) })}\n\n`
    const written = toDocument(exampleInteraction(streamOf('data: {"a":1}\n\n', large, 'data: [DONE]\n\n')), 'key')
    expect(written.files).toHaveLength(1)
    expect(wireOf(readBack(written)).toString()).toBe(`data: {"a":1}\n\n${large}data: [DONE]\n\n`)
  })

  it('keeps the pieces of a stream that is no text', () => {
    const events = [5, 6].map((afterMs) => ({ afterMs, data: Uint8Array.from([0xff, afterMs]) }))
    const written = toDocument(exampleInteraction({ kind: 'events', events }, 'audio/mpeg'), 'key')
    const { body } = readBack(written).response
    expect(body.kind === 'events' && body.events.map(({ afterMs, data }) => [afterMs, [...bytesOf(data)]])).toEqual([
      [5, [0xff, 5]],
      [6, [0xff, 6]],
    ])
  })

  it('survives whatever is put in it', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 400; round++) {
      const interaction = exampleInteraction(
        round % 2 ? anyBody(random) : { kind: 'events', events: anyEvents(random) },
      )
      expect(wireOf(readBack(toDocument(interaction, 'key'))).toString('base64')).toBe(
        wireOf(interaction).toString('base64'),
      )
    }
  })
})

describe('An edited document', () => {
  const chat = exampleInteraction()

  it('answers with the changed text', () => {
    expect(edited(chat, 'content: Hi there.', 'content: "Bye,\\n\\"you\\"."')).toBe(
      '{"choices":[{"message":{"role":"assistant","content":"Bye,\\n\\"you\\"."}}]}',
    )
  })

  it('keeps the escapes of its writer, but where an edit has moved them', () => {
    const text = String.raw`{"a":"x \u003C ' y","b":"\u0027\u0027"}`
    expect(edited(exampleInteraction(jsonBody(text)), 'x <', 'long < and <')).toBe(
      String.raw`{"a":"long \u003C and \u003C \u0027 y","b":"\u0027\u0027"}`,
    )
  })

  it('answers with the changed event', () => {
    const stream = exampleInteraction(streamOf('data: {"t":"Hi","n":1.0}\n\n', 'data: [DONE]\n\n'))
    expect(edited(stream, '"t":"Hi"', 't: Bye')).toBe('data: {"t":"Bye","n":1.0}\n\ndata: [DONE]\n\n')
    expect(edited(stream, '"[DONE]"', '[DONE]')).toBe('data: {"t":"Hi","n":1.0}\n\ndata: [DONE]\n\n')
    expect(edited(stream, 'data: "[DONE]"', 'text: "data: x\\n\\n"')).toBe('data: {"t":"Hi","n":1.0}\n\ndata: x\n\n')
  })

  it('answers with the changed status and headers', () => {
    const written = toDocument(chat, 'key')
    const text = textOf(written)
      .replace('status: 200', 'status: 429')
      .replace('x-ms-region: Sweden Central', 'Retry-After: 7')
    expect(readBack(written, text).response).toMatchObject({
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': '7' },
    })
  })

  it('may come from an editor that writes a byte order mark and carriage returns', () => {
    const written = toDocument(exampleInteraction(jsonBody('{"text":"one\\ntwo"}')), 'key')
    const saved = `\ufeff${textOf(written).replaceAll('\n', '\r\n')}`
    expect(answerText(readBack(written, saved))).toBe('{"text":"one\\ntwo"}')
  })

  it('may be as short as this', () => {
    const { response } = fromTree(
      loadTree('version: 2\nrequest: { method: GET, path: /openai/v1/models }\nresponse:\n  json: { data: [] }\n'),
      new Map(),
    )
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(response.body.kind !== 'events' && Buffer.from(bodyBytes(response.body)).toString()).toBe('{"data":[]}')
  })

  it.each([
    ['status: 200', 'status: maybe', 'response.status: found "maybe", allowed: a whole number from 200 to 599'],
    ['status: 200', 'status: 700', 'response.status: found 700, allowed: a whole number from 200 to 599'],
    ['durationMs: 812', 'durationMs: -1', 'durationMs: found -1, allowed: a number that is not negative'],
    ['  method: POST\n', '', 'request.method is missing'],
    ['version: 2', 'version: 3', 'version: found 3, allowed: 2'],
    ['\nresponse:', '\nanswer:', 'response is missing'],
  ])('with %j turned into %j says so', (found, put, message) => {
    expect(() => edited(chat, found, put)).toThrow(message)
  })

  it('whose file beside it is gone or another says which', () => {
    const written = toDocument(exampleInteraction({ kind: 'bytes', bytes: Uint8Array.of(0, 1, 2) }), 'key')
    const tree = loadTree(textOf(written))
    const name = written.files[0]!.name
    expect(() => fromTree(tree, new Map())).toThrow(`the file ${name} beside it is missing`)
    expect(() => fromTree(tree, new Map([[name, Uint8Array.of(0)]]))).toThrow('has 1 bytes and should have 3')
    expect(() => fromTree(tree, new Map([[name, Uint8Array.of(9, 9, 9)]]))).toThrow('its sha256 differs')
  })

  it('cannot name a file elsewhere', () => {
    const text = 'version: 2\nrequest: {method: GET, path: /}\nresponse: {file: {name: ../../secret}}'
    expect(() => fromTree(loadTree(text), new Map([['../../secret', Uint8Array.of(1)]]))).toThrow('in the same folder')
  })
})

describe('A document has no secret', () => {
  it('in its query, its headers or its request', () => {
    const secret = 's3cr3t-value'
    const example = exampleInteraction()
    const body = {
      messages: [{ role: 'user', content: 'the key of the house' }],
      data_sources: [{ parameters: { authentication: { type: 'api_key', key: secret }, index_name: 'docs' } }],
      tools: [
        {
          type: 'mcp',
          server_url: `https://u:${secret}@x/mcp?sig=${secret}`,
          authorization: secret,
          headers: { 'X-Any': secret },
        },
      ],
    }
    const { request, response } = example
    const text = textOf(
      toDocument(
        {
          ...example,
          request: {
            ...request,
            query: { 'api-version': 'v1', 'api-key': secret, code: secret, sig: secret, 'subscription-key': secret },
            body: jsonBody(JSON.stringify(body)),
          },
          response: {
            ...response,
            headers: {
              ...response.headers,
              'Set-Cookie': secret,
              'x-ms-client-request-id': secret,
              'apim-request-id': secret,
              authorization: secret,
            },
          },
        },
        'key',
      ),
    )
    expect(text).not.toContain(secret)
    expect(text).toContain('the key of the house')
    expect(text).toContain('index_name: docs')
    expect(text).toContain('api-version: v1')
    expect(text).toContain('x-ms-region: Sweden Central')
  })
})

const alphabet = [
  'a',
  'Z',
  '0',
  ' ',
  '\n',
  '\r',
  '\t',
  '"',
  "'",
  '\\',
  ':',
  '#',
  '-',
  '{',
  ']',
  ',',
  '&',
  '*',
  '!',
  '|',
  '>',
]
const characters = [
  ...alphabet,
  '%',
  '@',
  '`',
  'é',
  '日',
  '😀',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\0',
  '\x1b',
  '\x7f',
  '[DONE]',
]

type Chance = ReturnType<typeof seededRandom>
const anyText = (random: Chance) =>
  Array.from({ length: random.below(20) }, () => characters[random.below(characters.length)]).join('')

function anyJson(random: Chance, depth = 0): unknown {
  const kind = random.below(depth > 3 ? 5 : 8)
  if (kind === 0) return anyText(random)
  if (kind === 1) return random.normal() * 10 ** (random.below(40) - 20)
  if (kind === 2) return random.below(1000)
  if (kind === 3) return [null, true, false][random.below(3)]
  if (kind === 4) return anyText(random).repeat(random.below(5))
  if (kind === 5) return Array.from({ length: random.below(4) }, () => anyJson(random, depth + 1))
  return Object.fromEntries(
    Array.from({ length: random.below(5) }, () => [anyText(random), anyJson(random, depth + 1)]),
  )
}

function anyBody(random: Chance): Body {
  const kind = random.below(4)
  if (kind === 0) return toBody(Buffer.from(anyText(random)))
  if (kind === 1)
    return { kind: 'bytes', bytes: Uint8Array.from({ length: random.below(50) }, () => random.below(256)) }
  const indent = [undefined, 2, 3][random.below(3)]
  return toBody(Buffer.from(JSON.stringify(anyJson(random), undefined, indent) + ['', '\n'][random.below(2)]!))
}

function anyEvents(random: Chance): RecordedEvent[] {
  return Array.from({ length: random.below(6) }, () => {
    const data = [JSON.stringify(anyJson(random)), anyText(random), '["DONE"]', '[DONE]'][random.below(4)]!
    const text = [
      `data: ${data}\n\n`,
      `event: ${anyText(random)}\ndata: ${data}\n\n`,
      anyText(random),
      `data:${data}\r\n\r\n`,
    ]
    return { afterMs: random.below(1000) / 10, data: text[random.below(4)]! }
  })
}
