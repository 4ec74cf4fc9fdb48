/**
 * The only place that reads the time or sets a timer.
 *
 * All waits share one timer wheel: a wait costs a place in a list, not a timer of its own, which is what lets one core
 * keep thousands of streams in step. Every wait is set against an absolute time, so that nothing drifts.
 */
export type Clock = {
  /** Milliseconds since the Unix epoch, with a fraction; never goes back, whatever is done to the system's clock. */
  readonly now: () => number
  /**
   * A wait that can be set again and again without allocating. `run` is given `about`, and what `now()` was when those
   * of its tick began to be run; it must not throw.
   */
  readonly timer: <About>(run: (about: About, nowMs: number) => void, about?: About) => Timer
}

export type Timer = {
  /** Runs once, at `dueMs` (as `now()` counts) or up to a tick later, never before. Replaces what was set. */
  readonly set: (dueMs: number) => void
  /** Forgets what was set, if anything. */
  readonly cancel: () => void
}

const tickMs = 2
/** A slot holds all waits of one tick; a wait further away than the whole wheel goes round it again. */
const slots = 4096
const mask = slots - 1

const unset = -1
/** While the wheel turns. */
const turning = -1

/** The real clock. A process needs one. It sleeps until the next wait is due, and holds no timer while nothing waits. */
export function systemClock(): Clock {
  const wheel = new Wheel()
  return { now, timer: (run, about) => new Wait(wheel, run as Run, about) }
}

const epochMs = performance.timeOrigin
const now = () => epochMs + performance.now()
/** Ticks count from the process's start: as small numbers they need no memory of their own. */
const tickAt = (dueMs: number) => Math.ceil((dueMs - epochMs) / tickMs)
const doneTickAt = (nowMs: number) => Math.floor((nowMs - epochMs) / tickMs)

type Run = (about: unknown, nowMs: number) => void

/** A place in a slot's list. One object a wait and nothing beside it, since there are thousands. */
class Wait implements Timer {
  /** The first at or behind the moment that it waits for; `unset` where it does not wait. */
  tick = unset
  previous: Wait | undefined
  next: Wait | undefined
  readonly run: Run
  readonly about: unknown
  private readonly wheel: Wheel

  constructor(wheel: Wheel, run: Run, about: unknown) {
    this.wheel = wheel
    this.run = run
    this.about = about
  }

  set(dueMs: number): void {
    this.wheel.unlink(this)
    this.wheel.link(this, dueMs)
  }

  cancel(): void {
    this.wheel.unlink(this)
    this.wheel.sleepIfIdle()
  }
}

class Wheel {
  private readonly heads = new Array<Wait | undefined>(slots).fill(undefined)
  private readonly tails = new Array<Wait | undefined>(slots).fill(undefined)
  private waiting = 0
  /** The last tick whose slot was emptied. */
  private doneTick = doneTickAt(now())
  /** The tick that the process's one timer is set for. */
  private wakeTick = Infinity
  private wake: NodeJS.Timeout | undefined
  private wakeNow: NodeJS.Immediate | undefined
  private readonly turn = () => this.turnOn()

  unlink(wait: Wait): void {
    const { tick, previous, next } = wait
    if (tick === unset) return
    const slot = tick & mask
    if (previous) previous.next = next
    else this.heads[slot] = next
    if (next) next.previous = previous
    else this.tails[slot] = previous
    wait.previous = wait.next = undefined
    wait.tick = unset
    this.waiting--
  }

  link(wait: Wait, dueMs: number): void {
    const tick = Math.max(tickAt(dueMs), this.doneTick + 1)
    const slot = tick & mask
    wait.tick = tick
    // First set, first run: streams that beat together keep their order from beat to beat, and so their gaps.
    const last = this.tails[slot]
    if (last) last.next = wait
    else this.heads[slot] = wait
    wait.previous = last
    this.tails[slot] = wait
    this.waiting++
    if (tick < this.wakeTick) this.wakeAt(tick)
  }

  /** A process that has nothing more to do must not stay for a wait that nobody wants. */
  sleepIfIdle(): void {
    if (this.waiting > 0 || this.wakeTick === turning) return
    this.forgetWake()
    this.wakeTick = Infinity
  }

  private forgetWake(): void {
    clearTimeout(this.wake)
    clearImmediate(this.wakeNow)
  }

  /**
   * A timer takes a millisecond at least. A core that is nearly busy would idle for that long after each turn, come to
   * the next one with more to do, and so keep all streams waiting in turn.
   */
  private wakeAt(tick: number): void {
    this.forgetWake()
    this.wakeTick = tick
    const waitMs = tick * tickMs - performance.now()
    if (waitMs > 0) this.wake = setTimeout(this.turn, waitMs)
    else this.wakeNow = setImmediate(this.turn)
  }

  private turnOn(): void {
    const tick = doneTickAt(now())
    // While the wheel turns nobody may set the timer: what a callback adds is found below.
    this.wakeTick = turning
    // After a long pause every slot is visited once, not once for each tick that was missed.
    for (let next = Math.max(this.doneTick + 1, tick - slots + 1); next <= tick; next++) {
      this.doneTick = next
      this.emptySlot(next & mask, tick)
    }
    this.wakeTick = Infinity
    if (this.waiting > 0) this.wakeAt(this.nextTick())
  }

  private nextTick(): number {
    let tick = this.doneTick + 1
    while (this.heads[tick & mask] === undefined) tick++
    return tick
  }

  private emptySlot(slot: number, atTick: number): void {
    let wait = firstDue(this.heads[slot], atTick)
    // Most slots that a turn passes after a long wait are empty, and need no time.
    const nowMs = wait ? now() : 0
    while (wait) {
      const following: Wait | undefined = wait.next
      this.unlink(wait)
      wait.run(wait.about, nowMs)
      // What ran may have set or cancelled any wait, the following one too.
      const isThere = following !== undefined && following.tick !== unset && (following.tick & mask) === slot
      wait = firstDue(isThere ? following : this.heads[slot], atTick)
    }
  }
}

/** The first of a list whose time has come: the others wait for another round of the wheel. */
function firstDue(first: Wait | undefined, atTick: number): Wait | undefined {
  let wait = first
  while (wait && wait.tick > atTick) wait = wait.next
  return wait
}

/** Waits until `dueMs`, or until `signal` aborts, which also resolves: whoever waits looks at the signal. */
export function until(clock: Clock, dueMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const timer = clock.timer(finish)
    const abort = () => {
      timer.cancel()
      finish()
    }
    if (signal?.aborted) {
      finish()
      return
    }
    signal?.addEventListener('abort', abort)
    timer.set(dueMs)
  })
}
