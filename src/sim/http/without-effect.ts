/** Tells the operator, once for each, of parameters that are taken and change nothing. */
import type { Log } from '../base/log.ts'
import { isObject } from '../base/object.ts'
import type { AnyDeploymentOperation } from '../operation.ts'

export type WithoutEffect = (operation: AnyDeploymentOperation, body: unknown) => void

export function createWithoutEffect(log: Log): WithoutEffect {
  const told = new Set<string>()
  return ({ name, withoutEffect = [] }, body) => {
    if (!isObject(body)) return
    for (const parameter of withoutEffect) {
      const value = body[parameter]
      if (value === undefined || value === null || value === false) continue
      const what = `${parameter} of ${name}`
      if (told.has(what)) continue
      told.add(what)
      log.warn(`${what} is taken, and changes nothing of the answer: see docs/fidelity.md. (logged once)`)
    }
  }
}
