/**
 * The only place that reads the time or sets a timer.
 *
 * All waits share one timer wheel: a wait costs a place in a list, not a timer of its own, which is what lets one core
 * keep thousands of streams in step. Every wait is set against an absolute time, so that nothing drifts.
 */
export type Clock = {
  /** Milliseconds since the Unix epoch, with a fraction; never goes back, whatever is done to the system's clock. */
  readonly now: () => number
  /** A wait that can be set again and again without allocating. `run` must not throw. */
  readonly timer: (run: () => void) => Timer
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

type Node = { dueMs: number; run: () => void; previous: Node | undefined; next: Node | undefined; slot: number }

const unset = -1
/** While the wheel turns. */
const turning = -1

/** The real clock. A process needs one. It sleeps until the next wait is due, and holds no timer while nothing waits. */
export function systemClock(): Clock {
  const epochMs = performance.timeOrigin
  const heads = new Array<Node | undefined>(slots).fill(undefined)
  const tails = new Array<Node | undefined>(slots).fill(undefined)
  const now = () => epochMs + performance.now()
  let waiting = 0
  /** The last tick whose slot was emptied. */
  let doneTick = Math.floor(now() / tickMs)
  /** The tick that the process's one timer is set for. */
  let wakeTick = Infinity
  let wake: NodeJS.Timeout | undefined

  const unlink = (node: Node) => {
    if (node.slot === unset) return
    if (node.previous) node.previous.next = node.next
    else heads[node.slot] = node.next
    if (node.next) node.next.previous = node.previous
    else tails[node.slot] = node.previous
    node.previous = node.next = undefined
    node.slot = unset
    waiting--
  }

  const link = (node: Node, dueMs: number) => {
    const tick = Math.max(Math.ceil(dueMs / tickMs), doneTick + 1)
    node.dueMs = dueMs
    node.slot = tick & mask
    // First set, first run: streams that beat together keep their order from beat to beat, and so their gaps.
    const last = tails[node.slot]
    if (last) last.next = node
    else heads[node.slot] = node
    node.previous = last
    tails[node.slot] = node
    waiting++
    if (tick < wakeTick) wakeAt(tick)
  }

  const wakeAt = (tick: number) => {
    clearTimeout(wake)
    wakeTick = tick
    wake = setTimeout(turn, Math.max(0, tick * tickMs - now()))
  }

  const sleep = () => {
    clearTimeout(wake)
    wakeTick = Infinity
  }

  const turn = () => {
    const tick = Math.floor(now() / tickMs)
    // While the wheel turns nobody may set the timer: what a callback adds is found below.
    wakeTick = turning
    // After a long pause every slot is visited once, not once for each tick that was missed.
    for (let next = Math.max(doneTick + 1, tick - slots + 1); next <= tick; next++) {
      doneTick = next
      emptySlot(next & mask, tick * tickMs)
    }
    wakeTick = Infinity
    if (waiting > 0) wakeAt(nextTick())
  }

  const nextTick = () => {
    let tick = doneTick + 1
    while (heads[tick & mask] === undefined) tick++
    return tick
  }

  const emptySlot = (slot: number, atMs: number) => {
    let node = heads[slot]
    while (node) {
      const following: Node | undefined = node.next
      if (node.dueMs > atMs) {
        node = following
        continue
      }
      unlink(node)
      node.run()
      // What ran may have set or cancelled any wait, the following one too.
      node = following?.slot === slot ? following : heads[slot] && firstDue(slot, atMs)
    }
  }

  const firstDue = (slot: number, atMs: number): Node | undefined => {
    let node = heads[slot]
    while (node && node.dueMs > atMs) node = node.next
    return node
  }

  return {
    now,
    timer: (run) => {
      const node: Node = { dueMs: 0, run, previous: undefined, next: undefined, slot: unset }
      return {
        set: (dueMs) => {
          unlink(node)
          link(node, dueMs)
        },
        cancel: () => {
          unlink(node)
          // A process that has nothing more to do must not stay for a wait that nobody wants.
          if (waiting === 0 && wakeTick !== turning) sleep()
        },
      }
    },
  }
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
