/** Checks of sounds' frames that `node:zlib` does not have: the highest bit first, and nothing inverted. */
export type Crc = (bytes: Uint8Array) => number

/** FLAC's frame headers, FLAC's frames, and Ogg's pages (RFC 9639, section 9.1; RFC 3533, section 6). */
export const crc8 = crcOf(8, 0x07)
export const crc16 = crcOf(16, 0x8005)
export const crc32Ogg = crcOf(32, 0x04c11db7)

function crcOf(bits: 8 | 16 | 32, polynomial: number): Crc {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8)
    for (let bit = 0; bit < 8; bit++) value = value & (1 << (bits - 1)) ? (value << 1) ^ polynomial : value << 1
    return value
  })
  const mask = bits === 32 ? 0xffff_ffff : (1 << bits) - 1
  return (bytes) => {
    let value = 0
    for (const byte of bytes) value = (value << 8) ^ (table[((value >>> (bits - 8)) ^ byte) & 0xff] ?? 0)
    return (value & mask) >>> 0
  }
}
