/** The tools that an answer may call. */
export type Tool = {
  readonly kind: 'function' | 'custom'
  readonly name: string
  /** The schema of its arguments. */
  readonly parameters: unknown
}

export type Offer = {
  /** Those that may be called; never empty. */
  readonly tools: readonly Tool[]
  /** `auto` calls where the conversation asks for it. */
  readonly mode: 'auto' | 'required' | 'named'
  readonly mayBeParallel: boolean
}

/** What a request says of calling: `names` leaves only those, `named` asks for just one. */
export type Calling = {
  readonly mode: 'none' | 'auto' | 'required' | 'named'
  readonly names?: readonly unknown[] | undefined
  readonly mayBeParallel: boolean
}

/** `undefined` where no tool may be called. */
export function offerOf(tools: readonly Tool[], { mode, names, mayBeParallel }: Calling): Offer | undefined {
  if (mode === 'none') return undefined
  const open = names ? tools.filter(({ name }) => names.includes(name)) : tools
  return open.length > 0 ? { tools: open, mode, mayBeParallel: mayBeParallel && mode !== 'named' } : undefined
}
