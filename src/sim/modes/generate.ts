/** Answers that are computed, request by request. */
import { inSlicesOf, type Slices, timed } from '../base/slices.ts'
import { Tape } from '../base/tape.ts'
import { until } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { requestTimeout } from '../errors.ts'
import { slicesOf } from '../http/call-slices.ts'
import type { ExtensionHooks } from '../extensions/hooks.ts'
import type { AnyCall, AnyDeploymentOperation, Call, Generated, Whole } from '../operation.ts'
import { paceOf } from '../timing/pace.ts'
import { wholeMs } from '../timing/schedule.ts'
import type { Frame, Latency, Plan } from '../types.ts'
import type { Mode } from './mode.ts'

export const generateMode: Mode = {
  plan: (call, config) => {
    const { operation } = call.match
    return timed(call.resource.clock, call.meter, () =>
      operation.scope === 'resource'
        ? operation.answer(call, config)
        : generate(operation, hasDeployment(call), { config, given: undefined }),
    )
  },
}

/** The same without a wait and without a stream. */
export const atOnce = (mode: Mode): Mode => ({
  async plan(call, config) {
    const patient = config.azure.timeouts ? { ...config, azure: { ...config.azure, timeouts: undefined } } : config
    const plan = await mode.plan({ ...call, stream: false }, patient)
    const { body } = plan
    if (body.kind === 'stream' && body.isWhole) return { ...plan, body: await held(body.frames, slicesOf(call)) }
    return body.kind === 'whole' ? { ...plan, body: { ...body, atMs: 0 } } : plan
  },
})

/** The same, where an extension has a say in what answers say or how long they take. */
export function generateWith({ say, latency }: ExtensionHooks): Mode {
  if (!say && !latency) return generateMode
  return {
    async plan(call, config) {
      const { operation } = call.match
      if (operation.scope === 'resource') return operation.answer(call, config)
      const asked = hasDeployment(call)
      const said = await say?.(asked)
      const given = await latency?.(asked)
      return timed(call.resource.clock, call.meter, () =>
        generate(operation, said ? { ...asked, said } : asked, { config, given }),
      )
    },
  }
}

/** Whoever makes a call gives it the deployment that its operation needs. */
const hasDeployment = (call: AnyCall) => call as Call

type Making = {
  readonly config: Config
  /** What an extension says of the time that it takes. */
  readonly given: Latency | undefined
}

function generate(operation: AnyDeploymentOperation, call: Call, making: Making): Plan | Promise<Plan> {
  const asking = operation.askOthers?.(call, making.config)
  if (!asking) return generateAlone(operation, call, making)
  return asking.then((told) => slicesOf(told).timed(() => generateAlone(operation, told, making)))
}

function generateAlone(operation: AnyDeploymentOperation, call: Call, making: Making): Plan | Promise<Plan> {
  const made = isSliced(operation, call)
    ? generatedIn(slicesOf(call), operation, call, making.config)
    : (operation.generate(call, making.config) as Generated)
  const isLong = call.wire.bytes.length > longBytes
  if (!isLong && !(made instanceof Promise)) return planOf(operation, call, made, making)
  return planLater(operation, call, { ...making, made, isLong })
}

const isSliced = ({ isSliced: is }: AnyDeploymentOperation, call: Call): boolean =>
  typeof is === 'function' ? is(call) : is === true

function generatedIn(slices: Slices, operation: AnyDeploymentOperation, call: Call, config: Config) {
  const random = new Tape(call.random)
  const timing = call.timing === call.random ? random : new Tape(call.timing)
  const taped = { ...call, random, timing }
  return inSlicesOf(slices, () => operation.generate(taped, config) as Generated, [random, timing])
}

type MadeLater = Making & { readonly made: Generated | Promise<Generated>; readonly isLong: boolean }

/** Of a long request, what has been made and what is to be written of it are long, too. */
async function planLater(operation: AnyDeploymentOperation, call: Call, making: MadeLater): Promise<Plan> {
  const slices = slicesOf(call)
  const answer = await making.made
  if (making.isLong) await slices.turn()
  return slices.timed(() => planOf(operation, call, answer, making))
}

const longBytes = 65_536

/** A shorter answer is written in one go. */
const longTokens = 256

function planOf(
  operation: AnyDeploymentOperation,
  call: Call,
  made: Generated,
  { config, given, isLong = false }: Making & { readonly isLong?: boolean },
): Plan | Promise<Plan> {
  const pace = paceOf(call, made, { operation, config, given })
  const { answer, latency } = pace
  const { usage } = answer
  const own = operation.plan?.(call, answer, { latency, config })
  if (own) return own
  if (call.stream && operation.events) {
    const frames = pace.frames(operation.events(call, answer))
    return { status: 200, contentType: 'text/event-stream; charset=utf-8', usage, body: { kind: 'stream', frames } }
  }
  if (call.stream && operation.paced) {
    const { contentType, frames, headers } = operation.paced(call, answer, latency)
    return { status: 200, contentType, ...(headers && { headers }), usage, body: { kind: 'stream', frames } }
  }
  if (!operation.whole) throw new Error(`${operation.name} has no answer in one piece, and makes no stream of it`)
  const atMs = wholeMs(latency, answer.units, call.timing)
  const { timeouts } = config.azure
  if (timeouts) {
    const maxMs = operation.tier?.(call.body) === 'flex' ? timeouts.flexMs : timeouts.usualMs
    if (atMs > maxMs) return givenUp(call, maxMs)
  }
  const { whole } = operation
  const toPlan = (made: Whole): Plan => ({
    status: 200,
    contentType: made.contentType,
    ...(made.headers && { headers: made.headers }),
    usage,
    body:
      'pieces' in made
        ? { kind: 'stream', frames: framesOf(made.pieces, atMs), isWhole: true }
        : { kind: 'whole', atMs, data: made.data, bytes: made.bytes },
  })
  const { completionTokens } = usage
  if (!isLong && completionTokens > 0 && completionTokens <= longTokens) return toPlan(whole(call, answer, atMs))
  const written = inSlicesOf(slicesOf(call), () => whole(call, answer, atMs))
  return written instanceof Promise ? written.then(toPlan) : toPlan(written)
}

async function held(frames: Iterable<Frame>, slices: Slices): Promise<Extract<Plan['body'], { kind: 'whole' }>> {
  let data = ''
  slices.begin()
  for (const frame of frames) {
    data += String(frame.data)
    if (slices.isOver()) await slices.turn()
  }
  return { kind: 'whole', atMs: 0, data }
}

function* framesOf(pieces: Iterable<string>, atMs: number): Generator<Frame> {
  for (const data of pieces) yield { atMs, data }
}

/** Rejects with what is answered after `maxMs` where the answer is not there by then, or when the client has gone. */
async function givenUp({ resource, receivedAtMs, signal }: Call, maxMs: number): Promise<never> {
  await until(resource.clock, receivedAtMs + maxMs, signal())
  throw requestTimeout()
}
