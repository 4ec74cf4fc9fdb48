/** Bodies as they come over the wire, and as they are kept. */
import type { Body } from './interaction.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text that these bytes are, exactly; `undefined` where they are not UTF-8. */
export function decodedText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** JSON where it is some and has structure, else text, else bytes. */
export function toBody(bytes: Uint8Array): Body {
  const text = decodedText(bytes)
  if (text === undefined || /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text)) return { kind: 'bytes', bytes }
  return isStructuredJson(text) ? jsonBody(text) : { kind: 'text', text }
}

export const jsonBody = (text: string): Body => new JsonBody(text)

/**
 * The value is made when it is asked for: an answer that is only sent needs its text alone. A class, since V8 gives each
 * object that is written with a getter of its own a shape of its own, which keeps the text until the old heap is cleaned.
 */
class JsonBody {
  readonly kind = 'json'
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get value(): unknown {
    return JSON.parse(this.text) as unknown
  }
}

/** As they go over the wire. */
export function bodyBytes(body: Body): Uint8Array {
  if (body.kind === 'bytes') return body.bytes
  return Buffer.from(bodyText(body))
}

export function bodyText(body: Exclude<Body, { kind: 'bytes' }>): string {
  return body.kind === 'text' ? body.text : (body.text ?? JSON.stringify(body.value))
}

function isStructuredJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
