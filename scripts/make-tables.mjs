/**
 * Writes the token tables that `src/sim/models/bpe-table.ts` reads, from the ranks that `gpt-tokenizer` ships (MIT; the
 * ranks are OpenAI's, MIT).
 *
 * The format, all numbers little-endian:
 *   16 bytes  digest: the first half of the SHA-256 of the ranks it was made from and of the format's number
 *    4 bytes  n, how many tokens
 *    n bytes  the length of each token in bytes, in the order of their ids, which run from 0 to n - 1
 *   the rest  the bytes of all tokens, one after the other
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const encodings = ['cl100k_base', 'o200k_base']
const formatNumber = 1
const digestBytes = 16

/**
 * Makes those tables in the folder `outDir` that are missing or were made from other ranks. Several processes may do so
 * at once: a table appears whole or not at all.
 * @param {string} outDir
 */
export async function makeTables(outDir) {
  await mkdir(outDir, { recursive: true })
  for (const encoding of encodings) {
    const path = join(outDir, `${encoding}.bin`)
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
  const count = Buffer.alloc(4)
  count.writeUInt32LE(tokens.length)
  const lengths = Buffer.alloc(tokens.length)
  for (let id = 0; id < tokens.length; id++) {
    const length = tokens[id]?.length ?? 0
    if (length < 1 || length > 255) throw new Error(`${encoding}: token ${String(id)} is missing or has no fit length`)
    lengths[id] = length
  }
  return Buffer.concat([count, lengths, ...tokens])
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await makeTables(fileURLToPath(new URL('../dist/tables', import.meta.url)))
}
