/**
 * Writes the token tables that `src/sim/models/bpe-table.ts` reads, from the ranks that `gpt-tokenizer` ships (MIT; the
 * ranks are OpenAI's, MIT).
 *
 * The format, all numbers little-endian:
 *   16 bytes  digest: the first half of the SHA-256 of the ranks it was made from and of the format's number
 *    4 bytes  n, how many tokens
 *    4 bytes  m, a power of two: how many slots the hash table has
 *   4m bytes  the slots of the hash table, ready to be used: to fill them would take longer than all else of a cold start
 *    n bytes  the length of each token in bytes, in the order of their ids, which run from 0 to n - 1
 *   the rest  the bytes of all tokens, one after the other
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const encodings = ['cl100k_base', 'o200k_base']
const formatNumber = 2
const digestBytes = 16

/**
 * Makes those tables in the folder `outDir` that are missing or were made from other ranks. Several processes may do so
 * at once: a table appears whole or not at all.
 * @param {string} outDir
 */
export async function makeTables(outDir) {
  await mkdir(outDir, { recursive: true })
  // Of an earlier format.
  for (const encoding of encodings) await rm(join(outDir, `${encoding}.bin`), { force: true })
  for (const encoding of encodings) {
    const path = join(outDir, `${encoding}.bpe`)
    const ranks = await readFile(createRequire(import.meta.url).resolve(`gpt-tokenizer/data/${encoding}.tiktoken`))
    const digest = digestOf(ranks)
    if (await startsWith(path, digest)) continue
    const unfinished = `${path}.${randomUUID()}`
    await writeFile(unfinished, Buffer.concat([digest, toTable(ranks.toString('latin1'), encoding)]))
    await rename(unfinished, path)
  }
}

/** @param {Buffer} ranks */
function digestOf(ranks) {
  return createHash('sha256')
    .update(`${String(formatNumber)}\n`)
    .update(ranks)
    .digest()
    .subarray(0, digestBytes)
}

/**
 * @param {string} path
 * @param {Buffer} digest
 */
async function startsWith(path, digest) {
  const file = await open(path).catch(() => undefined)
  if (!file) return false
  try {
    const start = Buffer.alloc(digest.length)
    await file.read(start, 0, start.length, 0)
    return start.equals(digest)
  } finally {
    await file.close()
  }
}

/**
 * @param {string} ranks a line a token: its bytes in base64, a space, its id
 * @param {string} encoding
 */
function toTable(ranks, encoding) {
  /** @type {Buffer[]} */
  const tokens = []
  for (const line of ranks.split('\n')) {
    if (line === '') continue
    const [bytes = '', id] = line.split(' ')
    tokens[Number(id)] = Buffer.from(bytes, 'base64')
  }
  const slots = toSlots(tokens)
  const counts = Buffer.alloc(8)
  counts.writeUInt32LE(tokens.length)
  counts.writeUInt32LE(slots.length / 4, 4)
  const lengths = Buffer.alloc(tokens.length)
  for (let id = 0; id < tokens.length; id++) {
    const length = tokens[id]?.length ?? 0
    if (length < 1 || length > 255) throw new Error(`${encoding}: token ${String(id)} is missing or has no fit length`)
    lengths[id] = length
  }
  return Buffer.concat([counts, slots, lengths, ...tokens])
}

/** The part of a slot that is an id plus one, as `bpe-table.ts` reads it. */
const idMask = 0x3ffff

/**
 * A hash table with open addressing: an id plus one in the low bits of a slot, the high bits of its hash in the others.
 * @param {readonly Buffer[]} tokens
 */
function toSlots(tokens) {
  if (tokens.length >= idMask) throw new RangeError(`${tokens.length} tokens are too many for a slot`)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(tokens.length * 1.5)))
  const mask = slots.length - 1
  for (const [id, bytes] of tokens.entries()) {
    const hash = hashBytes(bytes)
    let slot = hash & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = (hash & ~idMask) | (id + 1)
  }
  const written = Buffer.alloc(slots.length * 4)
  for (const [at, slot] of slots.entries()) written.writeInt32LE(slot, at * 4)
  return written
}

/**
 * FNV-1a with its high bits folded into the low ones, as `bpe-table.ts` reckons it.
 * @param {Buffer} bytes
 */
function hashBytes(bytes) {
  let hash = 0x811c9dc5 | 0
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash ^ (hash >>> 15)
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await makeTables(fileURLToPath(new URL('../dist/tables', import.meta.url)))
}
