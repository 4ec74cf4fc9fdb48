/** The phases that hold for one resource: of its own timeline, and of the process's where that names it. */
import type { ModelLookup } from '../config/check-deployments.ts'
import type { Config } from '../config/config.ts'
import type { ConfigSource } from '../config/read-source.ts'
import { resolveConfig } from '../config/resolve.ts'
import type { Tree } from '../config/tree.ts'
import type { Timeline } from './timeline.ts'

/** Rules of another resource may name the phases of the process's timeline. */
export const withPhasesOf = (above: Timeline | undefined, models: ModelLookup): ModelLookup =>
  above ? { ...models, phasesAbove: above.plan.phases.map(({ name }) => name) } : models

type Parts = {
  readonly name: string
  readonly own: Timeline | undefined
  /** Of the process; undefined for the resource whose own it is. */
  readonly above: Timeline | undefined
}

export class Phases {
  readonly #parts: Parts
  #stamp = ''

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A request came: whether other phases hold by now than when it was last asked. */
  hasMoved(): boolean {
    const { own, above } = this.#parts
    own?.asked()
    above?.asked()
    const stamp = `${own?.position().stamp ?? ''}/${above?.position().stamp ?? ''}`
    if (stamp === this.#stamp) return false
    this.#stamp = stamp
    return true
  }

  /** The names of those that hold. */
  names(): readonly string[] {
    const { own, above } = this.#parts
    return [above, own].map((timeline) => timeline?.position().phase?.name).filter((name) => name !== undefined)
  }

  /** The configuration with what the phases say on top; theirs beats all else. */
  over(sources: readonly ConfigSource[], config: Config, models: ModelLookup): Config {
    const { own, above, name } = this.#parts
    const trees = [above?.settings(above.position(), name), own?.settings(own.position())].filter(
      (tree) => tree !== undefined,
    )
    if (trees.length === 0) return config
    return resolveConfig([...sources, ...trees.map(toSource)], models).config
  }
}

const toSource = (input: Tree): ConfigSource => ({ name: 'timeline', input })
