/**
 * Encrypted reasoning and summaries, which clients carry from one request to the next and cannot read. They are Fernet tokens, as
 * the service's seem to be. Their key is derived from the resource's key: every instance with the same key can read them, and
 * nobody else can make them.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import type { Random } from '../../random.ts'

export type Carried = {
  readonly tokens: number
  /** The digits that the ids of a thread share. */
  readonly thread: string
}

type Making = { readonly apiKey: string; readonly nowSeconds: number; readonly random: Random }

export function encryptedContent({ tokens, thread }: Carried, { apiKey, nowSeconds, random }: Making): string {
  const { signing, encrypting } = keysOf(apiKey)
  const head = Buffer.alloc(headBytes)
  head[0] = version
  head.writeBigUInt64BE(BigInt(nowSeconds), 1)
  for (let at = ivStart; at < headBytes; at += 4) head.writeUInt32BE(random.uint32(), at)
  const cipher = createCipheriv(algorithm, encrypting, head.subarray(ivStart))
  const text = `${tokens} ${thread} `.padEnd(fixedBytes + Math.round(tokens * bytesPerToken), ' ')
  const signed = Buffer.concat([head, cipher.update(text, 'latin1'), cipher.final()])
  const token = Buffer.concat([signed, signatureOf(signed, signing)]).toString('base64url')
  return token + '='.repeat((4 - (token.length % 4)) % 4)
}

/** `undefined` if it was not made with this key, or was changed since. */
export function decrypted(content: string, apiKey: string): Carried | undefined {
  const { signing, encrypting } = keysOf(apiKey)
  const token = Buffer.from(content, 'base64url')
  const signed = token.subarray(0, Math.max(0, token.length - signatureBytes))
  if (signed.length < headBytes + blockBytes || token[0] !== version) return undefined
  if (!timingSafeEqual(signatureOf(signed, signing), token.subarray(signed.length))) return undefined
  const decipher = createDecipheriv(algorithm, encrypting, signed.subarray(ivStart, headBytes))
  const text = Buffer.concat([decipher.update(signed.subarray(headBytes)), decipher.final()]).toString('latin1')
  const [tokens, thread = ''] = text.split(' ', 2)
  return { tokens: Number(tokens), thread }
}

/** The number of tokens of content that cannot be read, estimated by its length. */
export const tokensByLength = (content: string): number =>
  Math.max(0, Math.floor(((content.length * 3) / 4 - frameBytes - fixedBytes) / bytesPerToken))

/** A Fernet key consists of two keys. */
function keysOf(apiKey: string) {
  const key = createHmac('sha256', apiKey).update('encrypted_content').digest()
  return { signing: key.subarray(0, 16), encrypting: key.subarray(16) }
}

const signatureOf = (signed: Uint8Array, signing: Uint8Array) => createHmac('sha256', signing).update(signed).digest()

const algorithm = 'aes-128-cbc'
const version = 0x80
const ivStart = 9
const headBytes = 25
const signatureBytes = 32
const blockBytes = 16
const frameBytes = headBytes + signatureBytes
/** About 900 characters and 5.5 for each token (recorded June 2026, 67 to 191 tokens). */
const bytesPerToken = 4.1
const fixedBytes = 610
