/**
 * Runs patterns over a long text step by step, so that the work can be left and gone on with. As RE2 does: by an automaton
 * that is made as the text asks for its states, and where a text asks for ever new ones, by all states at once.
 */
import type { RE2Set } from 're2js'

/** A part of a compiled set, as the library makes it. */
type Instruction = {
  readonly op: number
  readonly out: number
  readonly arg: number
  readonly matchRune: (rune: number) => boolean
}
type State = { readonly isMatch: boolean; readonly matchIDs: readonly number[] }
type Automaton = {
  readonly failed: boolean
  readonly numClasses: number
  readonly runeClass: (rune: number) => number
  readonly start: (input: object, at: number) => State | null
  readonly stepOrReset: (
    state: State,
    kind: number,
    rune: number,
    anchor: number,
    at: number,
    search: { resetPos: number },
    // eslint-disable-next-line max-params -- the library's own
  ) => State | null
}

const [alternative, alternativeMatch, capture, emptyWidth] = [1, 2, 3, 4]
const [match, noOperation, anyRune, anyRuneButBreak] = [6, 7, 10, 11]
const [beginLine, endLine, beginText, endText, wordBoundary, noWordBoundary] = [1, 2, 4, 8, 16, 32]
const endOfText = -1
const lineBreak = 10

/** So many characters are a step of an automaton that knows its states. */
const knownCharacters = 4_096
/** A step that makes states, or goes through many, ends after so many instructions. */
const stepInstructions = 40_000

/** The numbers of the patterns that are in the text. */
export function* matchInSteps(set: RE2Set, text: string): Generator<undefined, ReadonlySet<number>> {
  set.compile()
  const found = new Set<number>()
  if (yield* byAutomaton(set, text, found)) return found
  return yield* byAllStates(set, text)
}

/** False where it would need too many states. */
function* byAutomaton(set: RE2Set, text: string, found: Set<number>): Generator<undefined, boolean> {
  const automaton = set.dfa as unknown as Automaton
  if (automaton.failed) return false
  let state = automaton.start({ context: () => beginText | beginLine, step: () => endOfText }, 0)
  if (!state) return false
  const search = { resetPos: -1 }
  const size = set.prog.numInst()
  let left = knownCharacters
  for (let at = 0; at < text.length;) {
    const rune = text.codePointAt(at) ?? 0
    const kind = automaton.runeClass(rune)
    const known: State | null | undefined = (state as { next?: (State | null)[] | null }).next?.[kind]
    const next: State | null = known ?? automaton.stepOrReset(state, kind, rune, 0, at, search)
    if (!next) return false
    state = next
    if (state.isMatch) for (const id of state.matchIDs) found.add(id)
    at += rune > 0xffff ? 2 : 1
    left -= known ? 1 : 1 + (size * knownCharacters) / stepInstructions
    if (left > 0) continue
    left = knownCharacters
    yield
  }
  const last = automaton.stepOrReset(state, automaton.numClasses, endOfText, 0, text.length, search)
  if (!last) return false
  for (const id of last.isMatch ? last.matchIDs : []) found.add(id)
  return true
}

/** The states that are reached at a place, each once. */
class States {
  readonly pcs: Int32Array
  size = 0
  readonly #at: Int32Array

  constructor(count: number) {
    this.pcs = new Int32Array(count)
    this.#at = new Int32Array(count)
  }

  add(pc: number): boolean {
    const at = this.#at[pc] as number
    if (at < this.size && this.pcs[at] === pc) return false
    this.#at[pc] = this.size
    this.pcs[this.size++] = pc
    return true
  }
}

function* byAllStates({ prog }: RE2Set, text: string): Generator<undefined, ReadonlySet<number>> {
  const instructions = prog.inst as readonly Instruction[]
  const found = new Set<number>()
  const count = instructions.length
  let [now, next] = [new States(count), new States(count)]
  // Each instruction is pushed twice at most.
  const stack = new Int32Array(2 * count + 2)
  const add = (states: States, pc: number, flags: number) => {
    let depth = 0
    stack[depth++] = pc
    while (depth > 0) {
      const top = stack[--depth] as number
      if (!states.add(top)) continue
      const { op, out, arg } = instructions[top] as Instruction
      if (op === alternative || op === alternativeMatch) {
        stack[depth++] = arg
        stack[depth++] = out
      } else if (op === capture || op === noOperation) stack[depth++] = out
      else if (op === emptyWidth && (arg & ~flags) === 0) stack[depth++] = out
    }
  }

  let left = stepInstructions
  let before = endOfText
  let rune = text.length > 0 ? (text.codePointAt(0) ?? 0) : endOfText
  for (let at = 0; ;) {
    add(now, prog.start, flagsBetween(before, rune))
    const after = at + (rune > 0xffff ? 2 : 1)
    const following = after < text.length ? (text.codePointAt(after) ?? 0) : endOfText
    const flags = flagsBetween(rune, following)
    for (let index = 0; index < now.size; index++) {
      const instruction = instructions[now.pcs[index] as number] as Instruction
      const { op } = instruction
      if (op === match) found.add(instruction.arg)
      else if (rune !== endOfText && op > noOperation && isMet(instruction, rune)) add(next, instruction.out, flags)
    }
    if (rune === endOfText) return found
    left -= now.size + next.size + 1
    ;[now, next] = [next, now]
    next.size = 0
    before = rune
    rune = following
    at = after
    if (left > 0) continue
    left = stepInstructions
    yield
  }
}

const isMet = (instruction: Instruction, rune: number): boolean =>
  instruction.op === anyRune || (instruction.op === anyRuneButBreak ? rune !== lineBreak : instruction.matchRune(rune))

const isWord = (rune: number) =>
  (rune >= 0x30 && rune <= 0x39) || (rune >= 0x41 && rune <= 0x5a) || rune === 0x5f || (rune >= 0x61 && rune <= 0x7a)

function flagsBetween(before: number, after: number): number {
  let flags = isWord(before) === isWord(after) ? noWordBoundary : wordBoundary
  if (before < 0) flags |= beginText | beginLine
  if (before === lineBreak) flags |= beginLine
  if (after < 0) flags |= endText | endLine
  if (after === lineBreak) flags |= endLine
  return flags
}
