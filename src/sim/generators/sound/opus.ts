/** Opus in Ogg (RFC 7845), with one packet again and again. */
import { crc32Ogg } from '../picture/crc.ts'
import type { SoundPiece, SoundFormat } from './format.ts'

export const opus: SoundFormat = (seconds) => {
  const endSamples = preSkip + Math.max(1, Math.round(seconds * clock))
  return { pieces: pieces(endSamples), seconds: (endSamples - preSkip) / clock }
}

/** Whatever a sound was made from, its time counts 48,000 a second; a decoder needs some of it to get going. */
const clock = 48_000
const preSkip = 312
const samplesPerPacket = 960
/** A second. */
const packetsPerPage = 50

/**
 * 20 ms of a tone of 200 Hz, of which four periods fit it, as libopus 1.3 made it at 24 kbit/s from a sine: of such a
 * tone one packet is like the next. Making it here would take an encoder.
 */
const tonePacket = Buffer.from(
  '+NAiuHGU+po30zmFB5TV3m1slna3OL+w3pzzDKr0VffUu8eOqUUHPeEtaMXk9xcqV/f+m3p7XZRSe+dx',
  'base64',
)

function* pieces(endSamples: number): Generator<SoundPiece> {
  const packets = Math.ceil(endSamples / samplesPerPacket)
  const heads = [page([opusHead], 0, { flags: firstPage, number: 0 }), page([opusTags], 0, { flags: 0, number: 1 })]
  for (let first = 0, number = 2; first < packets; first += packetsPerPage, number++) {
    const end = Math.min(packets, first + packetsPerPage)
    const flags = end === packets ? lastPage : 0
    // The last page says where the sound ends, which may be within its last packet.
    const samples = Math.min(end * samplesPerPacket, endSamples)
    const sound = page(Array<Buffer>(end - first).fill(tonePacket), samples, { flags, number })
    const endSeconds = Math.max(0, samples - preSkip) / clock
    yield { bytes: first === 0 ? Buffer.concat([...heads, sound]) : sound, endSeconds }
  }
}

const firstPage = 2
const lastPage = 4

const opusHead = Buffer.from('OpusHead\x01\x01..\xc0\x5d\0\0\0\0\0', 'latin1')
opusHead.writeUInt16LE(preSkip, 10)

const vendor = 'aoai-simulated-api'
const opusTags = Buffer.from(`OpusTags${String.fromCharCode(vendor.length)}\0\0\0${vendor}\0\0\0\0`, 'latin1')

/** Packets of less than 255 bytes each; `samples` is how far the sound has come at its end. */
function page(packets: readonly Buffer[], samples: number, place: { flags: number; number: number }): Buffer {
  const head = Buffer.alloc(27)
  head.write('OggS', 'latin1')
  head[5] = place.flags
  head.writeBigUInt64LE(BigInt(samples), 6)
  head.writeUInt32LE(serialNumber, 14)
  head.writeUInt32LE(place.number, 18)
  head[26] = packets.length
  const whole = Buffer.concat([head, Buffer.from(packets.map(({ length }) => length)), ...packets])
  whole.writeUInt32LE(crc32Ogg(whole), 22)
  return whole
}

/** Tells apart streams in one file, of which there is one. */
const serialNumber = 1
