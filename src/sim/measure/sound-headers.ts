/** How long a sound plays, from what its file says of itself. Nothing is decoded, and a header is not believed blindly. */

/** What is there of a file from its beginning on, and how long it is in all. */
export type SoundFile = { readonly head: Buffer; readonly fileBytes: number }

/** Seconds; `undefined` where the file does not tell. */
export function headerSeconds(file: SoundFile): number | undefined {
  const { head, fileBytes } = file
  const told = readerOf(head)?.(file)
  // What no sound file goes below: a header that says so would make an hour of a kilobyte.
  return told !== undefined && told <= fileBytes / minBytesPerSecond ? told : undefined
}

const minBytesPerSecond = 500

/** Whether a file begins as a sound does: of the kinds below, or in Matroska's form, as WebM is. */
export function isSound(head: Buffer): boolean {
  if (readerOf(head)) return head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) === 'WAVE'
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return true
  // Some MP3 files begin with silence that is no frame.
  const start = head.findIndex((byte) => byte !== 0)
  return start > 0 && isMpegFrame(head, start)
}

function readerOf(head: Buffer): ((file: SoundFile) => number | undefined) | undefined {
  const name = head.toString('latin1', 0, 4)
  if (name === 'RIFF') return wavSeconds
  if (name === 'fLaC') return flacSeconds
  if (name === 'OggS') return oggSeconds
  if (head.toString('latin1', 4, 8) === 'ftyp') return mp4Seconds
  return name.startsWith('ID3') || isMpegFrame(head, 0) ? mpegSeconds : undefined
}

/** Chunks before the sound itself are few; more are not looked at. */
const maxChunks = 64

function wavSeconds({ head, fileBytes }: SoundFile): number | undefined {
  if (head.toString('latin1', 8, 12) !== 'WAVE') return undefined
  let bytesPerSecond = 0
  let at = 12
  for (let chunk = 0; chunk < maxChunks && at + 8 <= head.length; chunk++) {
    const name = head.toString('latin1', at, at + 4)
    const length = head.readUInt32LE(at + 4)
    const content = at + 8
    if (name === 'fmt ' && content + 12 <= head.length) bytesPerSecond = head.readUInt32LE(content + 8)
    // A length that was not known when the header was written reaches past the end.
    if (name === 'data') return quotient(Math.min(length, fileBytes - content), bytesPerSecond)
    // Chunks begin at even places.
    at = content + length + (length % 2)
  }
  return undefined
}

/** The first block says the samples of a second, in 20 bits, and in all, in 36 (RFC 9639, section 8.2). */
function flacSeconds({ head }: SoundFile): number | undefined {
  if (head.length < 26) return undefined
  const samples = (head.readUInt8(21) & 0x0f) * 2 ** 32 + head.readUInt32BE(22)
  return samples === 0 ? undefined : quotient(samples, head.readUIntBE(18, 3) >>> 4)
}

/** The last page says how many samples there have been (RFC 3533, section 6). */
function oggSeconds({ head, fileBytes }: SoundFile): number | undefined {
  const last = head.lastIndexOf('OggS')
  if (head.length < fileBytes || last + 14 > head.length || head.length < 48) return undefined
  const samples = Number(head.readBigInt64LE(last + 6))
  const packet = 27 + head.readUInt8(26)
  const isOpus = head.toString('latin1', packet, packet + 8) === 'OpusHead'
  // Opus counts 48,000 a second whatever it was made from, some of them before the sound begins (RFC 7845, section 4).
  if (isOpus) return quotient(samples - at16(head, packet + 10), 48_000)
  const isVorbis = head.toString('latin1', packet + 1, packet + 7) === 'vorbis' && packet + 16 <= head.length
  return isVorbis ? quotient(samples, head.readUInt32LE(packet + 12)) : undefined
}

/** The header of the film, which may stand behind all else (ISO/IEC 14496-12, section 8.2.2). */
function mp4Seconds({ head }: SoundFile): number | undefined {
  const at = head.indexOf('mvhd')
  if (at < 0 || at + 36 > head.length) return undefined
  const isLong = head.readUInt8(at + 4) === 1
  const scale = head.readUInt32BE(at + (isLong ? 24 : 16))
  return quotient(isLong ? Number(head.readBigUInt64BE(at + 28)) : head.readUInt32BE(at + 20), scale)
}

/** MPEG audio: by the rate of the first frame, or by how many frames it says that there are. */
function mpegSeconds({ head, fileBytes }: SoundFile): number | undefined {
  const at = firstFrame(head)
  if (!isMpegFrame(head, at)) return undefined
  const [, flags = 0, rates = 0, channels = 0] = head.subarray(at, at + 4)
  const isFirstVersion = ((flags >> 3) & 3) === 3
  const isThirdLayer = ((flags >> 1) & 3) === 1
  const rate = (mpegSamples[(rates >> 2) & 3] ?? 0) / (isFirstVersion ? 1 : ((flags >> 3) & 3) === 2 ? 2 : 4)
  const kilobits = (isFirstVersion ? mpegKilobits : laterKilobits)[rates >> 4] ?? 0
  const isMono = channels >> 6 === 3
  const xing = at + 4 + (isFirstVersion ? (isMono ? 17 : 32) : isMono ? 9 : 17)
  if (['Xing', 'Info'].includes(head.toString('latin1', xing, xing + 4)) && xing + 12 <= head.length)
    return quotient(head.readUInt32BE(xing + 8) * (isFirstVersion ? 1152 : 576), rate)
  return isThirdLayer ? quotient(fileBytes - at, kilobits * 125) : undefined
}

/** Of versions 1, 2 and 2.5; the latter two have halves and quarters. */
const mpegSamples = [44_100, 48_000, 32_000]
const mpegKilobits = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const laterKilobits = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

/** Behind a tag, whose length is told in four times seven bits (ID3v2). */
function firstFrame(head: Buffer): number {
  if (head.toString('latin1', 0, 3) !== 'ID3' || head.length < 10) return 0
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10)
  return 10 + ((a & 0x7f) << 21) + ((b & 0x7f) << 14) + ((c & 0x7f) << 7) + (d & 0x7f)
}

/** Eleven bits, then a version, a layer, a rate and a number of samples that there are. */
function isMpegFrame(head: Buffer, at: number): boolean {
  const [first = 0, flags = 0, rates = 0] = head.subarray(at, at + 3)
  const isSync = first === 0xff && flags >= 0xe0
  return isSync && ((flags >> 3) & 3) !== 1 && ((flags >> 1) & 3) !== 0 && rates >> 4 < 15 && ((rates >> 2) & 3) < 3
}

const at16 = (head: Buffer, at: number) => (at + 2 <= head.length ? head.readUInt16LE(at) : 0)

const quotient = (amount: number, perSecond: number) => (perSecond > 0 && amount >= 0 ? amount / perSecond : undefined)
