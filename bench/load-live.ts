/** The load of `live.ts`, in a process of its own: `load-live.ts PORT SESSIONS SECONDS`; prints what was heard as JSON. */
import { WebSocket } from 'ws'

export type Heard = {
  readonly seconds: number
  readonly tookMs: number
  readonly answers: number
  readonly soundSeconds: number
  readonly gaps: number
  readonly gapMs: number
  readonly worstMs: number
  readonly broken: number
  readonly firstMs: { readonly median: number; readonly p99: number }
}

const [port = '', count = '500', length = '30'] = process.argv.slice(2)
const sessions = Number(count)
const seconds = Number(length)
const pieceMs = 100

/** A tenth of a second of a tone, or of silence, as an event. */
function piece(loudness: number): string {
  const bytes = Buffer.alloc(pieceMs * 48)
  for (let at = 0; at < bytes.length / 2; at++)
    bytes.writeInt16LE(Math.round(32_767 * loudness * Math.sin((2 * Math.PI * 200 * at) / 24_000)), 2 * at)
  return JSON.stringify({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') })
}
const loud = piece(0.2)
const quiet = piece(0)
/** Pieces of a turn: two seconds are spoken, and eight are listened to. */
const spoken = 20
const turn = 100

let answers = 0
let soundMs = 0
let gaps = 0
let gapMs = 0
let worstMs = 0
let broken = 0
let isOver = false
const firsts: number[] = []
const now = () => performance.now()

async function open(at: number): Promise<() => void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/openai/v1/realtime?model=gpt-realtime`, {
    headers: { 'api-key': 'bench' },
    perMessageDeflate: false,
  })
  let stoppedAtMs = NaN
  let endsAtMs = NaN
  socket.on('message', (data: Buffer) => {
    // The beginning of an event says what it is.
    const head = data.toString('latin1', 0, 60)
    if (head.includes('response.output_audio.delta')) {
      const text = data.toString('latin1')
      const ms = ((text.length - text.indexOf('"delta":"') - 11) * 3) / 4 / 48
      const atMs = now()
      const isFirst = Number.isNaN(endsAtMs)
      if (isFirst) firsts.push(atMs - stoppedAtMs)
      const lateMs = isFirst ? 0 : atMs - endsAtMs
      if (lateMs > 1) {
        gaps++
        gapMs += lateMs
        worstMs = Math.max(worstMs, lateMs)
      }
      endsAtMs = (isFirst || lateMs > 0 ? atMs : endsAtMs) + ms
      soundMs += ms
    } else if (head.includes('speech_stopped')) stoppedAtMs = now()
    else if (head.includes('response.done')) {
      answers++
      endsAtMs = NaN
    }
  })
  socket.on('close', () => {
    if (!isOver) broken++
  })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('open', resolve))
  let sent = Math.floor((at / sessions) * turn)
  return () => {
    if (socket.readyState === WebSocket.OPEN) socket.send(sent++ % turn < spoken ? loud : quiet)
  }
}

const senders: (() => void)[] = []
for (let at = 0; at < sessions; at++) senders.push(await open(at))
const startMs = now()
/** All of a tenth of a second are spread over it. */
const slices = 20
for (let slice = 0; slice < (seconds * 1000 * slices) / pieceMs; slice++) {
  const dueMs = startMs + (slice * pieceMs) / slices
  if (dueMs > now()) await new Promise((resolve) => setTimeout(resolve, dueMs - now()))
  else await new Promise((resolve) => setImmediate(resolve))
  for (let at = slice % slices; at < senders.length; at += slices) senders[at]?.()
}
const tookMs = now() - startMs
isOver = true
const sorted = Float64Array.from(firsts).sort()
const share = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? NaN)
const heard: Heard = {
  seconds,
  tookMs,
  answers,
  soundSeconds: soundMs / 1000,
  gaps,
  gapMs,
  worstMs,
  broken,
  firstMs: { median: share(0.5), p99: share(0.99) },
}
console.log(JSON.stringify(heard))
process.exit(0)
