/**
 * Long work is done in slices, between which whatever else there is goes on. What is written as one function need not be
 * torn apart for it: it is called again for each slice, and what it has done by then in steps is there already.
 */
import type { Clock } from '../clock.ts'
import type { Tape } from './tape.ts'

/** What waits for its turn, of all requests. */
const waiting: (() => void)[] = []

/** Goes on when the others have had their turn: one piece of work at a time, between which whatever has come is looked at. */
export function turn(goOn: () => void): void {
  if (waiting.push(goOn) === 1) setImmediate(next)
}

function next(): void {
  const [goOn] = waiting
  try {
    goOn?.()
  } finally {
    waiting.shift()
    if (waiting.length > 0) setImmediate(next)
  }
}

/** The longest that work keeps the thread, unless a single step takes longer. */
const sliceMs = 5

/** The client has gone: nobody wants the work any more. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/** Told how long work has kept the thread at a stretch. */
export type Meter = { readonly worked: (ms: number) => void }

/** Does work at a stretch, and tells how long that took. */
export function timed<T>(clock: Pick<Clock, 'now'>, meter: Meter | undefined, work: () => T): T {
  if (!meter) return work()
  const beganAtMs = clock.now()
  try {
    return work()
  } finally {
    meter.worked(clock.now() - beganAtMs)
  }
}

/** The slices of one request's work. */
export class Slices {
  readonly #clock: Pick<Clock, 'now'>
  readonly #signal: () => AbortSignal | undefined
  readonly #meter: Meter | undefined
  /** Not a number until it is first asked whether the slice is over: most work is done by then. */
  #endMs = NaN

  constructor(clock: Pick<Clock, 'now'>, signal: () => AbortSignal | undefined, meter?: Meter) {
    this.#clock = clock
    this.#signal = signal
    this.#meter = meter
  }

  /** Does it at a stretch. */
  timed<T>(work: () => T): T {
    return timed(this.#clock, this.#meter, work)
  }

  begin(): void {
    this.#endMs = this.#clock.now() + sliceMs
  }

  isOver(): boolean {
    if (Number.isNaN(this.#endMs)) this.begin()
    return this.#clock.now() >= this.#endMs
  }

  /** Lets the others have their turn. Rejects with `ClientGone` where the client has left by then. */
  async turn(): Promise<void> {
    await new Promise<void>(turn)
    if (this.#signal()?.aborted) throw new ClientGone('The client has gone.')
    this.begin()
  }
}

/** What a step gave; or what it is about, while it is not done. */
type Entry = { readonly isDone: true; readonly value: unknown; readonly drawn: readonly number[] | undefined } | Open
type Open = {
  readonly isDone: false
  readonly rest: Generator<undefined, unknown> | undefined
  /** So far. */
  drawn: readonly number[] | undefined
}

const isOpen: Entry = { isDone: false, rest: undefined, drawn: undefined }

/** Thrown through the work when its slice is over. */
const pause = new Error('A slice is over.')

class Run {
  readonly #slices: Slices
  readonly #entries: Entry[] = []
  readonly #chance: readonly Tape[]
  #at = 0
  /** Whether this call of the work has done anything new: each does at least one step. */
  #isNew = false

  constructor(slices: Slices, chance: readonly Tape[]) {
    this.#slices = slices
    this.#chance = chance
  }

  /** What is there already is gone through once more. */
  restart(): void {
    this.#at = 0
    this.#isNew = false
    for (const tape of this.#chance) tape.at = 0
  }

  step<T>(make: () => T): T {
    const at = this.#at++
    const known = this.#entries[at]
    if (known?.isDone) return this.#again(known) as T
    // To come back to one that was left is nothing new: else those within would never get their turn.
    if (!known) this.#breathe()
    this.#entries[at] = isOpen
    return this.#done(at, make())
  }

  through<T>(start: () => Generator<undefined, T>): T {
    const at = this.#at++
    const known = this.#entries[at]
    if (known?.isDone) return this.#again(known) as T
    const open: Open = known?.rest ? known : { isDone: false, rest: start(), drawn: undefined }
    this.#entries[at] = open
    if (open.drawn) this.#wind(open.drawn)
    const rest = open.rest as Generator<undefined, T>
    for (;;) {
      this.#breathe()
      // What is within is left where it yields, and nowhere else.
      const next = call(undefined, () => rest.next())
      if (next.done === true) return this.#done(at, next.value)
      open.drawn = this.#places()
    }
  }

  #breathe(): void {
    if (!this.#isNew) this.#slices.begin()
    else if (this.#slices.isOver()) throw pause
    this.#isNew = true
  }

  /** What it drew is passed over. */
  #again({ value, drawn }: Extract<Entry, { isDone: true }>): unknown {
    if (drawn) this.#wind(drawn)
    return value
  }

  /** How far each tape has been drawn from. */
  #places(): readonly number[] | undefined {
    return this.#chance.length > 0 ? this.#chance.map((tape) => tape.at) : undefined
  }

  #wind(places: readonly number[]): void {
    for (const [index, tape] of this.#chance.entries()) tape.at = places[index] as number
  }

  /** The steps within are parts of it, and need not be gone through again. */
  #done<T>(at: number, value: T): T {
    if (this.#entries.length > at + 1) this.#entries.length = at + 1
    this.#entries[at] = { isDone: true, value, drawn: this.#places() }
    this.#at = at + 1
    return value
  }
}

/** The work that is being called at the moment. */
let running: Run | undefined

function call<T>(run: Run | undefined, work: () => T): T {
  const before = running
  running = run
  run?.restart()
  try {
    return work()
  } finally {
    running = before
  }
}

export const isSliced = (): boolean => running !== undefined

/** A part of work that may be done in slices; at other times it is no more than its call. */
export const step = <T>(make: () => T): T => (running ? running.step(make) : make())

/** A step that is not cut in parts, whatever is in it: it changes what is kept. */
export const oneStep = <T>(make: () => T): T => step(() => call(undefined, make))

/** Many alike, some at a time. */
export const mapInSteps = <T, U>(items: readonly T[], make: (item: T, index: number) => U): readonly U[] =>
  !running || items.length <= itemsAStep ? items.map(make) : through(() => mapped(items, make))

function* mapped<T, U>(items: readonly T[], make: (item: T, index: number) => U): Generator<undefined, readonly U[]> {
  const made: U[] = []
  for (const [index, item] of items.entries()) {
    if (index % itemsAStep === itemsAStep - 1) yield
    made.push(make(item, index))
  }
  return made
}

const itemsAStep = 128

/** As often as told, some at a time: a step for each would be gone through again in each slice. */
export function timesInSteps<T>(count: number, make: (index: number) => T): readonly T[] {
  const made: T[] = []
  for (let start = 0; start < count; start += timesAStep) {
    const length = Math.min(timesAStep, count - start)
    made.push(...step(() => Array.from({ length }, (_, index) => make(start + index))))
  }
  return made
}

const timesAStep = 32

/** A long part, which is left and gone on with wherever it yields. */
export function through<T>(start: () => Generator<undefined, T>): T {
  if (running) return running.through(start)
  const rest = start()
  for (;;) {
    const next = rest.next()
    if (next.done === true) return next.value
  }
}

/**
 * What `work` gives: at once where it fits into one slice, else later. It must do the same whenever it is called, and
 * change nothing but in its steps; what it draws of `chance` outside of them is drawn again. What is done at once is timed
 * by whoever calls.
 */
export function inSlicesOf<T>(slices: Slices, work: () => T, chance: readonly Tape[] = []): T | Promise<T> {
  const run = new Run(slices, chance)
  try {
    return call(run, work)
  } catch (error) {
    if (error !== pause) throw error
    return later(run, slices, work)
  }
}

async function later<T>(run: Run, slices: Slices, work: () => T): Promise<T> {
  for (;;) {
    await slices.turn()
    try {
      return slices.timed(() => call(run, work))
    } catch (error) {
      if (error !== pause) throw error
    }
  }
}
